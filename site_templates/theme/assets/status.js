// What Material's pages need beside ours. It stands at the end of status.js, as one file is fetched sooner than two.
;(() => { // the semicolon ends whatever stands before it
  // The theme looks for a translated sitemap behind every rel="alternate", and would take our feeds for languages.
  for (const link of document.querySelectorAll('head link[rel="alternate"][type]')) link.rel = "alternate feed"

  // The theme's script comes after everything a reader needs, so its choice of colours is made here.
  const palettes = [...document.querySelectorAll("[data-md-color-media]")]
  const chosen = !window.__md_get?.("__palette") && palettes.find((input) => matchMedia(input.dataset.mdColorMedia).matches)
  if (chosen) {
    for (const key of ["Media", "Scheme", "Primary", "Accent"]) {
      const value = chosen.dataset[`mdColor${key}`]
      if (value) document.body.dataset[`mdColor${key}`] = value
    }
  }

  // The theme's script says the colour of its header too, if the reader can choose between two. Then ours go.
  const colours = [...document.querySelectorAll('meta[name="theme-color"]')]
  new MutationObserver((_, observer) => {
    if (document.querySelectorAll('meta[name="theme-color"]').length === colours.length) return
    for (const ours of colours) ours.remove()
    observer.disconnect()
  }).observe(document.head, { childList: true })

  // The theme may show another page without loading it; `document$` says when one is there.
  const tell = () => document.dispatchEvent(new Event("st-page"))
  addEventListener("load", () => {
    for (const late of document.querySelectorAll("script.st-late")) {
      const script = document.createElement("script")
      script.src = late.dataset.src
      script.onload = () => window.document$?.subscribe(tell)
      late.replaceWith(script)
    }
  })
})()
