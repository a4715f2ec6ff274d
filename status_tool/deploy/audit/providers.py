"""Which provider a name in DNS belongs to, by suffixes that the providers document."""

from __future__ import annotations

import re

_AMAZON, _AZURE, _GOOGLE = "Amazon Web Services", "Microsoft Azure", "Google"

SUFFIXES = {
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html
    "cloudfront.net": _AMAZON,
    # https://docs.aws.amazon.com/general/latest/gr/rande.html (S3, load balancers, API Gateway)
    "amazonaws.com": _AMAZON,
    "amazonaws.com.cn": _AMAZON,
    "api.aws": _AMAZON,
    "awsglobalaccelerator.com": _AMAZON,
    "elasticbeanstalk.com": _AMAZON,
    "amplifyapp.com": _AMAZON,
    "awsapprunner.com": _AMAZON,
    # https://techdocs.akamai.com/edge-hostnames/docs/edge-hn-terminology
    "edgesuite.net": "Akamai",
    "edgekey.net": "Akamai",
    "akamaized.net": "Akamai",
    "akamaihd.net": "Akamai",
    "akamai.net": "Akamai",
    "akamaiedge.net": "Akamai",
    "akadns.net": "Akamai",
    "akam.net": "Akamai",
    "linode.com": "Akamai",
    "linodeobjects.com": "Akamai",
    # https://learn.microsoft.com/azure/security/fundamentals/azure-domains
    "azure-api.net": _AZURE,
    "azurecontainer.io": _AZURE,
    "azureedge.net": _AZURE,
    "azurefd.net": _AZURE,
    "azurestaticapps.net": _AZURE,
    "azurewebsites.net": _AZURE,
    "cloudapp.azure.com": _AZURE,
    "cloudapp.net": _AZURE,
    "core.windows.net": _AZURE,
    "msecnd.net": _AZURE,
    "trafficmanager.net": _AZURE,
    # https://developers.cloudflare.com/dns/zone-setups/partial-setup/ and .../pages/configuration/custom-domains/
    "cdn.cloudflare.net": "Cloudflare",
    "cloudflare.com": "Cloudflare",
    "pages.dev": "Cloudflare",
    "r2.dev": "Cloudflare",
    "workers.dev": "Cloudflare",
    # https://www.fastly.com/documentation/guides/concepts/routing-traffic-to-fastly
    "fastly.net": "Fastly",
    "fastlylb.net": "Fastly",
    # https://cloud.google.com/storage/docs/request-endpoints, https://firebase.google.com/docs/hosting/custom-domain
    "appspot.com": _GOOGLE,
    "firebaseapp.com": _GOOGLE,
    "ghs.googlehosted.com": _GOOGLE,
    "googleapis.com": _GOOGLE,
    "googledomains.com": _GOOGLE,
    "googleusercontent.com": _GOOGLE,
    "run.app": _GOOGLE,
    "web.app": _GOOGLE,
    # https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site
    "github.io": "GitHub",
    "githubusercontent.com": "GitHub",
    # https://docs.gitlab.com/user/project/pages/
    "gitlab.io": "GitLab",
    # https://docs.codeberg.org/codeberg-pages/
    "codeberg.page": "Codeberg",
    # https://grebedoc.dev/
    "grebedoc.dev": "Grebedoc",
    # https://docs.netlify.com/domains/configure-domains/configure-external-dns/
    "netlify.app": "Netlify",
    "netlify.com": "Netlify",
    "netlifyglobalcdn.com": "Netlify",
    # https://vercel.com/docs/domains/working-with-domains/add-a-domain
    "vercel.app": "Vercel",
    "vercel-dns.com": "Vercel",
    # https://devcenter.heroku.com/articles/custom-domains
    "herokuapp.com": "Heroku",
    "herokudns.com": "Heroku",
    # https://fly.io/docs/networking/custom-domain/, https://render.com/docs/custom-domains
    "fly.dev": "Fly.io",
    "onrender.com": "Render",
    # https://docs.digitalocean.com/products/app-platform/how-to/manage-domains/
    "digitaloceanspaces.com": "DigitalOcean",
    "digitalocean.com": "DigitalOcean",
    "ondigitalocean.app": "DigitalOcean",
    # https://docs.bunny.net/, https://www.keycdn.com/support/create-a-zone-alias
    "b-cdn.net": "bunny.net",
    "bunny.net": "bunny.net",
    "kxcdn.com": "KeyCDN",
    # https://docs.imperva.com/ (onboarding a site)
    "impervadns.net": "Imperva",
    "incapdns.net": "Imperva",
    # https://support.atlassian.com/statuspage/docs/configure-your-dns/
    "statuspage.io": "Atlassian Statuspage",
    "stspg-customer.com": "Atlassian Statuspage",
    # https://www.ibm.com/docs/en/ns1-connect (also the name servers of Netlify)
    "nsone.net": "NS1",
    # https://docs.oracle.com/iaas/Content/DNS/home.htm
    "dynect.net": "Oracle Dyn",
    # https://www.godaddy.com/help/find-my-godaddy-nameservers-12317
    "domaincontrol.com": "GoDaddy",
    # https://docs.hetzner.com/networking/dns/
    "your-server.de": "Hetzner",
    "your-storagebox.de": "Hetzner",
}
"""The end of a name -> the company that answers for it."""

PATTERNS = {
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html: ns-2048.awsdns-64.co.uk
    r"(?:.+\.)?awsdns-\d+\.(?:com|net|org|co\.uk)": _AMAZON,
    # https://learn.microsoft.com/azure/dns/dns-zones-records: ns1-01.azure-dns.com
    r"(?:.+\.)?azure-dns\.(?:com|net|org|info)": _AZURE,
    # https://vercel.com/docs/domains: cname.vercel-dns-016.com
    r"(?:.+\.)?vercel-dns-\d+\.com": "Vercel",
    # https://help.dnsimple.com/articles/dnsimple-nameservers/: ns2.dnsimple-edge.net
    r"(?:.+\.)?dnsimple(?:-edge)?\.(?:com|net|org)": "DNSimple",
    # https://docs.gandi.net/: ns-12-a.gandi.net; https://docs.hetzner.com/: helium.ns.hetzner.de
    r"(?:.+\.)?gandi\.net": "Gandi",
    r"(?:.+\.)?ns\.hetzner\.(?:com|de)": "Hetzner",
    # https://help.ovhcloud.com/: dns200.anycast.me, ns200.ovh.net
    r"(?:.+\.)?(?:anycast\.me|ovh\.(?:net|ca))": "OVHcloud",
    # https://vercara.digicert.com/: pdns1.ultradns.net
    r"(?:.+\.)?ultradns\.(?:com|net|org|info|biz|co\.uk)": "UltraDNS",
}
"""Names as a regular expression -> the same, where one suffix is not enough."""


def of_name(name: str) -> str | None:
    """`Amazon Web Services` for `d111111abcdef8.cloudfront.net`; None when the name is of no provider in the table."""
    labels = name.split(".")
    for start in range(len(labels)):
        if provider := SUFFIXES.get(".".join(labels[start:])):
            return provider
    return next((provider for pattern, provider in PATTERNS.items() if re.fullmatch(pattern, name)), None)
