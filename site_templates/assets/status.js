// Updates the page in the browser: adds the reader's local times, marks overdue promises, starts and ends planned
// work, shows the age of the page, and loads a newer version while an incident is open.
(() => {
  const CHECK_INTERVAL = 60_000 // milliseconds between two checks for news

  const root = () => document.querySelector(".st[data-zone]")
  // A replay shows a time that was chosen: nothing on it begins, ends or grows old by the reader's clock.
  const isReplay = () => document.querySelector("[data-replay]") !== null
  // Runs all steps, even if the browser does not support one of them, so that an old page is always marked as old.
  const attempt = (...steps) => {
    for (const step of steps) {
      try { step() } catch (error) { console.error(error) }
    }
  }
  const language = dateLanguage(document.documentElement.lang)
  const all = (selector) => root()?.querySelectorAll(selector) ?? []
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
  const calendar = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23" })
  const short = (at) => clock.format(at)
  const long = (at) => withFirst(calendar.format(at))

  // The language for dates; the English pages have British dates.
  function dateLanguage(tag) {
    try {
      return Intl.getCanonicalLocales(tag.replace(/^en$/, "en-GB"))[0]
    } catch {} // the lang attribute of the theme is not a valid tag
  }

  // The first day of a month in French is "1er novembre".
  function withFirst(date) {
    return /^fr\b/.test(language) ? date.replace(/^1 /, "1er ") : date
  }

  // -- the reader's local time

  // "2026-11-23 14:05": the time in a zone, or in the reader's.
  const zones = new Map() // zone -> its format, as making one takes longer than all of its uses on a page
  const wallTime = (at, timeZone) => {
    if (!zones.has(timeZone)) {
      zones.set(timeZone, new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }))
    }
    return zones.get(timeZone).format(at)
  }
  const localized = new WeakMap() // element that has the reader's local time -> its dateTime

  function localTimes() {
    const local = (time) => root().dataset.local.replace("%s", time)
    const isSame = (at, length) => {
      try {
        return wallTime(at).slice(0, length) === wallTime(at, root().dataset.zone).slice(0, length)
      } catch {} // the browser does not know the site's zone: show the reader's local time
    }
    const appendLocal = (element, text) => {
      const span = document.createElement("span")
      span.className = "st-local"
      span.textContent = `(${local(text)})`
      element.append(" ", span)
    }
    for (const time of all("time[datetime]")) {
      if (localized.get(time) === time.dateTime) continue
      localized.set(time, time.dateTime)
      const at = new Date(time.dateTime)
      if (isSame(at, 16)) continue
      time.title = local(long(at))
      if (!time.closest(".st-window")) appendLocal(time, (isSame(at, 10) ? short : long)(at))
    }
    for (const planned of all(".st-window")) {
      if (localized.has(planned)) continue
      localized.set(planned, "")
      const [begin, until] = [...planned.querySelectorAll("time")].map((time) => new Date(time.dateTime))
      if (isSame(begin, 16) && isSame(until ?? begin, 16)) continue
      const isOneDay = [begin, until ?? begin].every((at) => isSame(at, 10) && wallTime(at).slice(0, 10) === wallTime(begin).slice(0, 10))
      const times = [begin, until].filter(Boolean).map((at) => (isOneDay ? short : long)(at))
      appendLocal(planned, times.join(isOneDay ? "–" : " – "))
    }
  }

  // A time in the format of the page: in the site's zone, with the name of the zone.
  function siteTime(at) {
    const { zone: timeZone, zoneName, written } = root().dataset
    const offset = (time) => Date.parse(wallTime(time, timeZone).replace(" ", "T") + "Z") - Math.floor(time / 6e4) * 6e4
    const format = { timeZone, hour: "2-digit", hourCycle: "h23", timeZoneName: "short" }
    try {
      const day = withFirst(new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone }).format(at))
      const name = offset(at) === offset(new Date(written)) ? zoneName
        : new Intl.DateTimeFormat(language, format).formatToParts(at).find(({ type }) => type === "timeZoneName").value
      return `${day}, ${wallTime(at, timeZone).slice(11)} ${name}`
    } catch {
      return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`
    }
  }

  // -- changes at a known time

  const ranks = ["operational", "under_maintenance", "unknown", "degraded_performance", "partial_outage", "major_outage"]
  const statuses = new RegExp(`\\bst-(${ranks.join("|")})\\b`)
  const setStatus = (element, status) => { element.className = element.className.replace(statuses, `st-${status}`) }
  const rank = (element) => ranks.indexOf(statuses.exec(element.className)?.[1])
  const setText = (element, text) => { if (element.lastChild.data !== text) element.lastChild.data = text }

  const pastTransitions = () => JSON.parse(root()?.dataset.transitions || "[]").filter((transition) => Date.parse(transition.at) <= Date.now())

  function applyTransitions() {
    for (const due of all("[data-due]")) {
      const isOverdue = Date.now() >= Date.parse(due.dataset.due)
      due.classList.toggle("st-late", isOverdue)
      due.querySelector(".st-due").hidden = isOverdue
      due.querySelector(".st-overdue").hidden = !isOverdue
    }
    for (const announcement of all("[data-until]")) announcement.hidden = Date.now() >= Date.parse(announcement.dataset.until)
    const transitions = pastTransitions()
    for (const { components, incidents } of transitions) {
      for (const [id, [status, label]] of Object.entries(components)) {
        for (const element of all(`[data-component="${id}"]`)) { setStatus(element, status); setText(element, label) }
      }
      for (const [id, label] of Object.entries(incidents)) {
        for (const tag of all(`[data-incident="${id}"]`)) setText(tag, label)
      }
    }
    showGroups()
    const [last, hero] = [transitions.at(-1), root()?.querySelector(".st-hero")]
    if (!last || !hero || hero.dataset.transition === last.at || hero.dataset.said) return
    hero.dataset.transition = last.at
    setStatus(hero, last.status)
    document.title = document.title.replace(hero.querySelector("h1").textContent, last.headline)
    hero.querySelector("h1").textContent = last.headline
    if (!hero.querySelector(".st-planned")) {
      const planned = Object.assign(document.createElement("span"), { className: "st-planned" })
      planned.textContent = `, ${root().dataset.planned}`
      hero.querySelector("p:last-child").append(planned)
    }
    setIcon(last.icon)
  }

  // A group is shown as its worst component, and unfolded when something goes wrong in it.
  function showGroups() {
    for (const group of all("details.st-group")) {
      const state = group.querySelector("summary .st-state")
      const components = [...group.querySelectorAll("[data-component]")].sort((a, b) => rank(b) - rank(a))
      if (!state || !components.length || rank(components[0]) === rank(state)) continue
      setStatus(state, ranks[rank(components[0])])
      setText(state, components[0].lastChild.data)
      if (rank(state) > 0) group.open = true
    }
  }

  // `address` is a data URI, or leads from the site's root, where status.json is.
  function setIcon(address) {
    const link = document.querySelector('link[rel="icon"]')
    if (link && address) link.href = new URL(address, new URL(root().dataset.watch ?? "", document.baseURI))
  }

  // -- the age of the page

  function showAge() {
    const page = root()
    if (!page?.dataset.written) return
    const seconds = (Date.now() - Date.parse(page.dataset.written)) / 1000
    const isOld = Math.abs(seconds) >= Number(page.dataset.staleAfter) // or one of the two clocks is wrong
    page.classList.toggle("st-old", isOld)
    for (const notice of all(".st-stale")) notice.hidden = !isOld
    if (isOld) markUnknown(page)
    for (const written of all(".st-written")) {
      let element = written.querySelector(".st-ago")
      if (!element) {
        element = Object.assign(document.createElement("span"), { className: "st-ago", lang: document.documentElement.lang })
        written.querySelector("time").after(" ", element)
      }
      element.textContent = `(${ago(seconds)})`
    }
  }

  // Shows the overall status of an old page as unknown, beside its former headline.
  function markUnknown(page) {
    setIcon(page.dataset.oldIcon)
    const hero = page.querySelector(".st-hero")
    if (!hero || hero.dataset.said) return
    const heading = hero.querySelector("h1")
    hero.dataset.said = heading.textContent
    setStatus(hero, "unknown")
    document.title = document.title.replace(heading.textContent, page.dataset.old)
    heading.textContent = page.dataset.old
    hero.querySelector("p").prepend(`${hero.dataset.said} · `)
  }

  // "2 hours ago"
  function ago(seconds) {
    const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
    for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
      if (seconds >= length) return format.format(-Math.floor(seconds / length), unit)
    }
    return format.format(0, "minute")
  }

  // -- news: checked while an incident is open, planned work has begun or ended, or the page is old

  let checked = Date.now()
  const mayHaveNews = ({ dataset, classList }) => "open" in dataset || classList.contains("st-old") || pastTransitions().length > 0

  async function check() {
    const page = root()
    if (!page?.dataset.watch || document.hidden || Date.now() - checked < CHECK_INTERVAL || !mayHaveNews(page)) return
    const previousCheck = checked
    checked = Date.now()
    let news, next
    try {
      news = await download(page.dataset.watch).then((response) => response.json())
      if (news.replay) throw new Error("a replay instead of the present state")
      const isNewer = Date.parse(news.written) > Date.parse(page.dataset.written)
      if (news.digest !== page.dataset.digest || (isNewer && page.classList.contains("st-old"))) next = await newVersion(page)
    } catch { // no response, or one that cannot be read
      attempt(() => showUnchecked(previousCheck), localTimes)
      await askCopies(page)
      return
    }
    attempt(() => next ? replacePage(page, next) : setWritten(page, news.written), () => {
      for (const notice of all(".st-unchecked, .st-elsewhere")) notice.hidden = true
    })
    if (root()?.classList.contains("st-old")) await askCopies(root()) // the host answers, with an old page
  }

  // Names the newest copy of the site elsewhere that is newer than this page; it is never shown in its place.
  async function askCopies(page) {
    const notice = page.querySelector(".st-elsewhere")
    if (!notice) return
    const { site, copies } = notice.dataset
    const here = new URL(page.dataset.watch, location.href).href
    const elsewhere = copies.split(" ").filter((copy) => `${copy}status.json` !== here)
    const found = await Promise.all(elsewhere.map((copy) => copyAt(copy, site).catch(() => null)))
    const newer = found.filter((copy) => copy && copy.written > Date.parse(page.dataset.written))
    const newest = newer.sort((one, other) => other.written - one.written)[0]
    notice.hidden = !newest
    if (!newest) return
    if (!notice.querySelector("a")) notice.append(" ", document.createElement("a"))
    const [time, link] = [notice.querySelector("time"), notice.querySelector("a")]
    time.dateTime = new Date(newest.written).toISOString()
    time.textContent = siteTime(new Date(newest.written))
    link.href = link.textContent = newest.address
    attempt(localTimes)
  }

  // When the copy of `site` at that address was written; throws if it is another site, or shows another time.
  async function copyAt(address, site) {
    const options = { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(10_000) }
    const response = await fetch(`${address}status.json`, options)
    const state = JSON.parse(await limited(response, 1e6))
    const written = Date.parse(state.written)
    if (!response.ok || state.url !== site || state.replay || state.drill || !(written < Date.now() + 3e5)) throw new Error(address)
    return { address, written }
  }

  // The text of a response of at most that many bytes.
  async function limited(response, most) {
    const [reader, parts] = [response.body.getReader(), []]
    for (let size = 0, part; !(part = await reader.read()).done; parts.push(part.value)) {
      size += part.value.length
      if (size > most) throw new Error("too large")
    }
    return new Blob(parts).text()
  }

  // Shows the time since which checks for news have failed.
  function showUnchecked(since) {
    for (const notice of all(".st-unchecked")) {
      if (!notice.hidden) continue
      notice.hidden = false
      const time = notice.querySelector("time")
      time.dateTime = new Date(since).toISOString()
      time.textContent = siteTime(new Date(since))
    }
  }

  async function download(address) {
    const response = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(15_000) })
    if (!response.ok) throw new Error(response.statusText)
    return response
  }

  // After a build without news: the content of this page is as new as that build.
  function setWritten(page, time) {
    if (Date.parse(time) > Date.parse(page.dataset.written)) page.dataset.written = time
    showAge()
  }

  // This page as it is now on the server, as a document; throws if its time is not newer.
  async function newVersion(page) {
    const text = await download(location.href).then((response) => response.text())
    const version = new DOMParser().parseFromString(text, "text/html")
    const next = version.querySelector(".st[data-zone]")
    const isNewer = Date.parse(next?.dataset.written) > Date.parse(page.dataset.written)
    if (!next || (next.dataset.written && !isNewer)) throw new Error("an older version")
    return version
  }

  // Replaces the page by a new version; focus and scroll position stay the same.
  function replacePage(page, version) {
    const next = version.querySelector(".st[data-zone]")
    const focused = page.contains(document.activeElement) && document.activeElement
    const [y, top] = [scrollY, focused && focused.getBoundingClientRect().top]
    const [hero, newHero] = [page, next].map((version) => version.querySelector(".st-hero[role], .st-hero [role]"))
    keepFolds(page, next)
    const [own, newOwn] = [page.querySelector(".st-own"), next.querySelector(".st-own")]
    if (own && own.textContent === newOwn?.textContent) newOwn.replaceWith(own) // the theme's scripts have worked on it
    page.replaceWith(document.adoptNode(next))
    document.title = version.title
    const icon = version.querySelector('link[rel="icon"]')?.getAttribute("href")
    if (icon) setIcon(new URL(icon, document.baseURI).href)
    if (hero && newHero && hero.textContent !== newHero.textContent) {
      // A screen reader announces only text that is added to an element in the page.
      const nodes = [...newHero.childNodes]
      newHero.replaceChildren()
      setTimeout(() => newHero.replaceChildren(...nodes), 50)
    }
    updatePage()
    const newFocused = focused ? next.querySelector(selectorOf(focused)) : null
    newFocused?.focus({ preventScroll: true })
    scrollTo(scrollX, newFocused ? scrollY + newFocused.getBoundingClientRect().top - top : y)
  }

  // Folds stay as the reader left them; but what has become worse is shown.
  function keepFolds(page, next) {
    const states = (fold) => fold.querySelector("summary .st-state")?.className
    for (const fold of page.querySelectorAll("details[data-key]")) {
      const newFold = next.querySelector(`details[data-key="${CSS.escape(fold.dataset.key)}"]`)
      if (newFold && (fold.open || states(fold) === states(newFold))) newFold.open = fold.open
    }
  }

  // A selector for the same element in another version of the page.
  function selectorOf(element) {
    const quoted = (name) => `[${name}="${CSS.escape(element.closest(`[${name}]`)?.getAttribute(name) ?? "")}"]`
    if (element.id) return `#${CSS.escape(element.id)}`
    if (element.hasAttribute("href")) return element.localName + quoted("href")
    return quoted("data-key") + (element.dataset.key ? "" : ` > ${element.localName}`)
  }

  // -- the days of a bar

  // Makes each bar a slider: the day that is touched, or chosen by an arrow key, is named below it.
  function addSliders() {
    for (const track of all(".st-track:not([role])")) {
      const [bar, legend] = [track.querySelector("svg"), track.parentElement.querySelector(".st-bar-legend")]
      const runs = [...bar.querySelectorAll("rect")]
      const last = runs.at(-1).x.baseVal.value + runs.at(-1).width.baseVal.value - 1
      const said = Object.assign(document.createElement("p"), { className: "st-day-said", hidden: true })
      legend.after(said)
      const show = (day) => {
        const text = dayText(track.dataset.first, day, runs.find((run) => day < run.x.baseVal.value + run.width.baseVal.value))
        Object.assign(track, { ariaValueNow: day, ariaValueText: text })
        track.style.setProperty("--day", day)
        said.textContent = text
      }
      const [name, label] = [track.closest(".st-part")?.querySelector(".st-part-name")?.textContent, bar.getAttribute("aria-label")]
      const ariaLabel = name ? root().dataset.day.replace("%d", name).replace("%s", label) : label
      Object.assign(track, { role: "slider", tabIndex: 0, ariaLabel, ariaValueMin: 0, ariaValueMax: last })
      bar.setAttribute("aria-hidden", "true") // the slider has its name
      show(last)
      const swap = (isChosen) => { legend.hidden = isChosen; said.hidden = !isChosen }
      track.addEventListener("focus", () => {
        said.style.minBlockSize = `${legend.offsetHeight}px` // so that nothing below moves
        swap(true)
      })
      track.addEventListener("blur", () => swap(false))
      const isReversed = getComputedStyle(track).direction === "rtl"
      track.addEventListener("click", ({ clientX }) => {
        const { left, width } = track.getBoundingClientRect()
        const share = (clientX - left) / width
        show(Math.min(Math.max(Math.floor((isReversed ? 1 - share : share) * (last + 1)), 0), last))
        track.focus()
      })
      track.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: isReversed ? 1 : -1, ArrowRight: isReversed ? -1 : 1, ArrowDown: -1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -last, End: last }[event.key]
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return
        event.preventDefault()
        show(Math.min(Math.max(Number(track.ariaValueNow) + step, 0), last))
      })
    }
  }

  // "5 November 2026: Operational"; the title of a run of a single day begins with the day.
  function dayText(first, day, run) {
    const text = run.querySelector("title").textContent
    if (!run.matches(".st-operational, .st-no_data")) return text
    const date = new Date(Date.parse(first) + day * 86_400_000)
    const label = withFirst(new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(date))
    return root().dataset.day.replace("%d", label).replace("%s", text)
  }

  // -- buttons that copy code

  function addCopyButtons() {
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

  // Timers are late after a computer wakes up, so these events also update the page.
  const tick = () => attempt(...isReplay() ? [] : [showAge, applyTransitions, check], localTimes)
  const updatePage = () => attempt(tick, addSliders, addCopyButtons)
  updatePage()
  document.addEventListener("st-page", updatePage) // sent by code that replaces the page without loading it
  for (const event of ["visibilitychange", "focus", "pageshow", "online"]) window.addEventListener(event, tick)
  setInterval(tick, 5000)
})()
