{# The state on a page of another site. Less than 4 KB are served: the filter, rjsmin, removes the blanks, and comments stand
   in braces like these. Everything is in one block, so that no name is global, and what an old browser cannot do ends in
   nothing. #}
{% filter minified %}
try {
  const page = document, { src, dataset: { look, show, target, lang } } = page.currentScript
  const home = new URL(".", src), pill = look === "pill"
  const states = {{ shapes }}
  let known, drawn, asked = 0, heard = 0

{# The same link for as long as anything is shown, so that focus stays where it is. #}
  const [host, region, box, headline, link, more] =
    ["status-embed", "span", "div", "b", "a", "a"].map(name => page.createElement(name))
  const [icon, ground, sign] =
    ["svg", "path", "path"].map(name => page.createElementNS("http://www.w3.org/2000/svg", name))
  icon.setAttribute("viewBox", "0 0 16 16")
  icon.ariaHidden = true
  icon.append(ground, sign)
  box.append(icon, headline, " ", link, " ", more)
  region.role = "status"
  const root = host.attachShadow({ mode: "open" }), sheet = new CSSStyleSheet()
  root.adoptedStyleSheets = [sheet]
  root.append(region)

{# What is important in here wins over what is important on the page. A sheet of this kind needs no leave of a policy. #}
  const form = !pill ? "" : "text-align:start;border-radius:1.3em;" + (target
    ? "display:inline-block" : "position:fixed;z-index:9999;inset:auto 1em 1em auto;max-inline-size:min(20em,100% - 5em)")
  const rules = color => `:host{all:initial!important}
div{--c:${color};text-align:center;padding:.5em 1em;border:1px solid #0000;background:var(--c);color:#fff;font:medium/1.5 system-ui;overflow-wrap:anywhere;${form}}
svg{inline-size:1.2em;vertical-align:-.25em}
b{margin-inline:.3em}
path{fill:currentcolor}
path+path{fill:none;stroke:var(--c);stroke-width:2}
a{color:inherit}
a:focus-visible{outline:2px solid}
@media(prefers-color-scheme:dark){div{--c:color-mix(in srgb,${color} 30%,#14171c);border-color:${color}}}
@media print{div{display:none}}`

{# What there is to say; nothing when we do not know, and in a replay. That all is well is said only shortly after we were told so. #}
  const what = () => {
    const now = Date.now(), past = time => Date.parse(time) <= now
    const transition = known.transitions.findLast(({ at }) => past(at)), { status, headlines } = transition ?? known
    if (known.version !== {{ version }} || known.replay || !(Math.abs(now - Date.parse(known.written)) < known.stale_after * 1e3) || !Object.hasOwn(states, status) ||
      status === "operational" && (show !== "always" || now - heard > 3e5)) return
    const own = Object.keys(headlines).find(code => known.headlines[code] === known.headline)
    const code = [lang || page.documentElement.lang || navigator.languages].flat()
      .flatMap(tag => [tag, tag.split("-")[0]]).find(tag => headlines[tag]) ?? own
    const open = known.open.filter(({ impact, until }) => !past(until ?? (impact === "maintenance" && transition?.at)))
    const begun = known.planned.filter(({ from, until }) => past(from) && !past(until))
    const all = [...open, ...begun].map(({ titles, title, url }) => titles[code] ? [titles[code], code, url] : [title, own, url])
    return headlines[code] && [states[status], code, headlines[code], ...all.length ? all : [[known.name, own, home]]]
  }

  const draw = () => {
    let found, place
    try {
      found = what()
      place = found && (target ? page.querySelector(target) : page.body)
    } catch {}
    if (!place) return [host, box].forEach(part => part.remove())
{# A region is heard when it stands in the page before its words do. #}
    if (!host.isConnected) {
      place.prepend(host)
      return setTimeout(draw, 99)
    }
    if (drawn !== (drawn = JSON.stringify(found))) {
      const [[color, shape, line], code, words, [title, language, url], ...others] = found
      sheet.replaceSync(rules(color))
      ground.setAttribute("d", shape)
      sign.setAttribute("d", line)
      box.lang = code
      box.dir = link.dir = "auto"
      headline.textContent = words
      link.textContent = title
      link.lang = language
{# A page of this status site; anything else, as on a mirror, becomes its home page. #}
      link.href = url
      if (link.origin !== home.origin) link.href = home
      more.href = home
      more.hidden = !others.length
      more.ariaLabel = (more.textContent = "+" + others.length) + ": " + others.map(([title]) => title).join(", ")
    }
    box.isConnected || region.append(box)
  }

{# No answer leaves what is known until it is too old; an answer that cannot be read ends it. #}
  const ask = async () => {
    asked = Date.now()
    try {
      const answer = await fetch(home + "status.json", {
        cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(2e3)
      }), text = await answer.text()
      if (answer.ok) {
        known = 0
        known = JSON.parse(text)
        heard = asked
      }
    } catch {}
    draw()
  }

  const tick = () => {
    if (page.hidden) return
    draw()
    if (Date.now() - asked >= 6e4) ask()
  }
  tick()
  setInterval(tick, 1e3)
} catch {}
{% endfilter %}
