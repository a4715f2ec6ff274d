// Refines what the page already says: the reader's own time beside ours, and the age of an old copy.
(() => {
  // The theme looks for a translated sitemap behind every rel="alternate", and would take our feeds for languages.
  for (const link of document.querySelectorAll('head link[rel="alternate"][type]')) link.rel = "alternate feed"

  const root = () => document.querySelector(".st[data-written]")

  function localTimes() {
    const page = root()
    if (!page) return
    const language = document.documentElement.lang || undefined
    const whole = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" })
    const short = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    for (const time of page.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime)
      const here = short.format(at)
      if (time.title || time.textContent.includes(here)) continue // the same clock
      time.title = page.dataset.local.replace("%s", whole.format(at))
      const place = time.closest(".st-stamp, .st-promise")
      if (!place) continue
      const beside = document.createElement("span")
      beside.className = "st-local"
      beside.textContent = ` (${page.dataset.local.replace("%s", here)})`
      time.append(beside)
    }
  }

  function age() {
    const page = root()
    const notice = page && page.querySelector(".st-stale")
    if (!notice) return
    const seconds = (Date.now() - Date.parse(page.dataset.written)) / 1000
    notice.hidden = seconds < Number(page.dataset.staleAfter)
  }

  const refine = () => { localTimes(); age() }
  if (window.document$) window.document$.subscribe(refine)
  else refine()
  document.addEventListener("visibilitychange", age)
  setInterval(age, 60_000)
})()
