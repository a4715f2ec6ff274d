// Refines what the page already says, as time passes: the reader's own clock beside ours, promises that lapse,
// planned work that begins and ends, the age of the page, and news while an incident is open.
(() => {
  const CHECK = 60_000 // milliseconds between two looks for news

  const root = () => document.querySelector(".st[data-zone]")
  // Whatever a browser cannot do, it does the rest: that a promise lapsed, or that the page is old, is always said.
  const attempt = (...steps) => {
    for (const step of steps) {
      try { step() } catch (error) { console.error(error) }
    }
  }
  const language = dates(document.documentElement.lang)
  const all = (selector) => root()?.querySelectorAll(selector) ?? []
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
  const calendar = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23" })
  const short = (at) => clock.format(at)
  const long = (at) => first(calendar.format(at))

  // The English of our pages is British in its dates.
  function dates(tag) {
    try {
      return Intl.getCanonicalLocales(tag.replace(/^en$/, "en-GB"))[0]
    } catch {} // a theme may say anything
  }

  // The French say "1er novembre".
  function first(words) {
    return /^fr\b/.test(language) ? words.replace(/^1 /, "1er ") : words
  }

  // -- the reader's own time

  const wall = (at, timeZone) => at.toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone })
  const told = new WeakMap() // what has the reader's time beside it -> of which time

  function localTimes() {
    const local = (words) => root().dataset.local.replace("%s", words)
    const same = (at, length) => {
      try {
        return wall(at).slice(0, length) === wall(at, root().dataset.zone).slice(0, length)
      } catch {} // a zone that this browser does not know: the reader's own time is all the more welcome
    }
    const beside = (element, words) => {
      const span = document.createElement("span")
      span.className = "st-local"
      span.textContent = `(${local(words)})`
      element.append(" ", span)
    }
    for (const time of all("time[datetime]")) {
      if (told.get(time) === time.dateTime) continue
      told.set(time, time.dateTime)
      const at = new Date(time.dateTime)
      if (same(at, 16)) continue
      time.title = local(long(at))
      if (!time.closest(".st-window")) beside(time, (same(at, 10) ? short : long)(at))
    }
    for (const planned of all(".st-window")) {
      if (told.has(planned)) continue
      told.set(planned, "")
      const [begin, until] = [...planned.querySelectorAll("time")].map((time) => new Date(time.dateTime))
      if (same(begin, 16) && same(until ?? begin, 16)) continue
      const brief = [begin, until ?? begin].every((at) => same(at, 10) && wall(at).slice(0, 10) === wall(begin).slice(0, 10))
      const words = [begin, until].filter(Boolean).map((at) => (brief ? short : long)(at))
      beside(planned, words.join(brief ? "–" : " – "))
    }
  }

  // A time as it stands everywhere on the page: in the site's zone, with its name.
  function ours(at) {
    const { zone: timeZone, zoneName, written } = root().dataset
    const offset = (time) => Date.parse(wall(time, timeZone).replace(" ", "T") + "Z") - Math.floor(time / 6e4) * 6e4
    const named = { timeZone, hour: "2-digit", hourCycle: "h23", timeZoneName: "short" }
    try {
      const day = first(new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone }).format(at))
      const name = offset(at) === offset(new Date(written)) ? zoneName
        : new Intl.DateTimeFormat(language, named).formatToParts(at).find(({ type }) => type === "timeZoneName").value
      return `${day}, ${wall(at, timeZone).slice(11)} ${name}`
    } catch {
      return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`
    }
  }

  // -- what the clock alone changes

  const states = /\bst-(operational|under_maintenance|unknown|degraded_performance|partial_outage|major_outage)\b/
  const color = (element, state) => { element.className = element.className.replace(states, `st-${state}`) }
  const say = (element, text) => { if (element.lastChild.data !== text) element.lastChild.data = text }

  const pastTransitions = () => JSON.parse(root()?.dataset.transitions || "[]").filter((transition) => Date.parse(transition.at) <= Date.now())

  function applyTransitions() {
    for (const due of all("[data-due]")) {
      const late = Date.now() >= Date.parse(due.dataset.due)
      due.classList.toggle("st-late", late)
      due.querySelector(".st-due").hidden = late
      due.querySelector(".st-overdue").hidden = !late
    }
    const transitions = pastTransitions()
    for (const { components, incidents } of transitions) {
      for (const [id, [state, label]] of Object.entries(components)) {
        for (const shown of all(`[data-component="${id}"]`)) { color(shown, state); say(shown, label) }
      }
      for (const [id, label] of Object.entries(incidents)) {
        for (const tag of all(`[data-incident="${id}"]`)) say(tag, label)
      }
    }
    const [last, hero] = [transitions.at(-1), root()?.querySelector(".st-hero")]
    if (!last || !hero || hero.dataset.transition === last.at || hero.dataset.said) return
    hero.dataset.transition = last.at
    color(hero, last.status)
    document.title = document.title.replace(hero.querySelector("h1").textContent, last.headline)
    hero.querySelector("h1").textContent = last.headline
    if (!hero.querySelector(".st-planned")) {
      const planned = Object.assign(document.createElement("span"), { className: "st-planned" })
      planned.textContent = `, ${root().dataset.planned}`
      hero.querySelector("p:last-child").append(planned)
    }
    icon(last.icon)
  }

  function icon(address) {
    const link = document.querySelector('link[rel="icon"]')
    if (link && address) link.setAttribute("href", address)
  }

  // -- how old the page is

  function age() {
    const page = root()
    if (!page?.dataset.written) return
    const seconds = (Date.now() - Date.parse(page.dataset.written)) / 1000
    const old = seconds >= Number(page.dataset.staleAfter)
    page.classList.toggle("st-old", old)
    for (const notice of all(".st-stale")) notice.hidden = !old
    if (old) forget(page)
    for (const written of all(".st-written")) {
      let ago = written.querySelector(".st-ago")
      if (!ago) {
        ago = Object.assign(document.createElement("span"), { className: "st-ago", lang: document.documentElement.lang })
        written.querySelector("time").after(" ", ago)
      }
      ago.textContent = `(${since(seconds)})`
    }
  }

  // What an old copy says was so once; whether it is, nobody here knows.
  function forget(page) {
    icon(page.dataset.oldIcon)
    const hero = page.querySelector(".st-hero")
    if (!hero || hero.dataset.said) return
    const heading = hero.querySelector("h1")
    hero.dataset.said = heading.textContent
    color(hero, "unknown")
    document.title = document.title.replace(heading.textContent, page.dataset.old)
    heading.textContent = page.dataset.old
    hero.querySelector("p").prepend(`${hero.dataset.said} · `)
  }

  function since(seconds) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
    for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
      if (seconds >= length) return words.format(-Math.floor(seconds / length), unit)
    }
    return words.format(0, "minute")
  }

  // -- news, while something is open, planned work has begun or ended, or this copy has grown old

  let checked = Date.now()
  const changes = ({ dataset, classList }) => "open" in dataset || classList.contains("st-old") || pastTransitions().length > 0

  async function check() {
    const page = root()
    if (!page?.dataset.watch || document.hidden || Date.now() - checked < CHECK || !changes(page)) return
    const before = checked
    checked = Date.now()
    let news, next
    try {
      news = await answer(page.dataset.watch).then((found) => found.json())
      const fresher = Date.parse(news.written) > Date.parse(page.dataset.written)
      if (news.digest !== page.dataset.digest || (fresher && page.classList.contains("st-old"))) next = await copy(page)
    } catch { // no answer, or none that can be read
      attempt(() => sayUnchecked(before), localTimes)
      return
    }
    attempt(() => next ? renew(page, next) : written(page, news.written), () => {
      for (const notice of all(".st-unchecked")) notice.hidden = true
    })
  }

  // Since when nobody could look for news.
  function sayUnchecked(since) {
    for (const notice of all(".st-unchecked")) {
      if (!notice.hidden) continue
      notice.hidden = false
      const time = notice.querySelector("time")
      time.dateTime = new Date(since).toISOString()
      time.textContent = ours(new Date(since))
    }
  }

  async function answer(address) {
    const found = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(15_000) })
    if (!found.ok) throw new Error(found.statusText)
    return found
  }

  // The site was built again without news, so what stands here is as fresh as that.
  function written(page, time) {
    if (Date.parse(time) > Date.parse(page.dataset.written)) page.dataset.written = time
    age()
  }

  // This page as it is now on the server: a document, which is not older than the page.
  async function copy(page) {
    const text = await answer(location.href).then((found) => found.text())
    const fresh = new DOMParser().parseFromString(text, "text/html")
    const next = fresh.querySelector(".st[data-zone]")
    const fresher = Date.parse(next?.dataset.written) > Date.parse(page.dataset.written)
    if (!next || (next.dataset.written && !fresher)) throw new Error("an older copy")
    return fresh
  }

  // The new words take the place of the old ones; the reader stays where they are.
  function renew(page, fresh) {
    const next = fresh.querySelector(".st[data-zone]")
    const held = page.contains(document.activeElement) && document.activeElement
    const [y, top] = [scrollY, held && held.getBoundingClientRect().top]
    const [hero, news] = [page.querySelector(".st-hero"), next.querySelector(".st-hero")]
    page.replaceWith(document.adoptNode(next))
    document.title = fresh.title
    icon(fresh.querySelector('link[rel="icon"]')?.getAttribute("href"))
    if (hero && news && hero.textContent !== news.textContent) { // said aloud once it stands in the page
      const said = [...news.childNodes]
      news.replaceChildren()
      setTimeout(() => news.replaceChildren(...said), 50)
    }
    refine()
    const same = held ? next.querySelector(
      held.id ? `#${CSS.escape(held.id)}` : `${held.localName}[href="${CSS.escape(held.getAttribute("href") ?? "")}"]`) : null
    same?.focus({ preventScroll: true })
    scrollTo(scrollX, same ? scrollY + same.getBoundingClientRect().top - top : y)
  }

  // -- code to take along

  function offerCopies() {
    const page = document.querySelector(".st-subscribe[data-copy]")
    if (!page || !navigator.clipboard) return
    for (const code of page.querySelectorAll(".st-code:not(:has(+ .st-copy))")) {
      const button = document.createElement("button")
      Object.assign(button, { type: "button", className: "st-copy", textContent: page.dataset.copy, ariaLive: "polite" })
      button.addEventListener("click", () => navigator.clipboard.writeText(code.textContent).then(() => {
        button.textContent = page.dataset.copied
        setTimeout(() => { button.textContent = page.dataset.copy }, 2000)
      }, () => getSelection().selectAllChildren(code)))
      code.after(button)
    }
  }

  // After a laptop's sleep the timers are late, so every sign of life counts.
  const tick = () => attempt(age, applyTransitions, check, localTimes)
  const refine = () => attempt(tick, offerCopies)
  refine()
  document.addEventListener("st-page", refine) // whatever shows another page without loading it says so
  for (const sign of ["visibilitychange", "focus", "pageshow", "online"]) window.addEventListener(sign, tick)
  setInterval(tick, 5000)
})()
