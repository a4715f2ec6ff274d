"use strict"
// Composes an update or an incident file, and the address of the forge's page for a new file. Nothing is sent from here.
;(() => {
  const data = JSON.parse(document.getElementById("data").textContent)
  const element = id => document.getElementById(id)
  const words = element("say").dataset
  const fields = ["incident", "title", "template", "message", "status", "impact", "next"]
  const components = [...document.querySelectorAll("[data-component]")]
  const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name])
  const KEY = "status-say " + location.pathname
  // The keys of a record: a line that begins with one would be refused where the file is checked.
  const RECORD = /^\s*(?:-\s+)?["']?(at|posted|status|components|next|edited|window|scheduled|message|title|kind|started|ended|reviewed|impact|draft|withdrawn|withdrawal_posted|reason|replay|who|workaround|contact|updates)["']?\s*:/
  const MARKER = /^(<{6,}|>{6,}|\|{6,})( |$)/
  const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202d\u202e\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

  // -- the file -------------------------------------------------------------------------------

  const iso = time => time.toISOString().replace(/\.\d+Z$/, "Z")
  const stamp = time => iso(time).replace(/[-:]/g, "")
  const tidy = text => text.replace(/\r\n?|\u0085/g, "\n").split("\n").map(line => line.trimEnd()).join("\n").replace(/^\n+|\n+$/g, "")

  function day(time) {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: data.zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(time)
    const part = type => parts.find(each => each.type === type).value
    return `${part("year")}-${part("month")}-${part("day")}`
  }

  function slug(title, time) {
    const latin = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/ø/g, "o").replace(/œ/g, "oe").replace(/ł/g, "l").replace(/đ/g, "d")
    let name = latin.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "")
    if (!/[a-z]/.test(name)) name = ["incident", name, stamp(time).slice(9, 13)].filter(Boolean).join("-")
    return name.replace(/t(\d{4}z)$/, "-$1")
  }

  function freeId(title, time) {
    const id = `${day(time)}-${slug(title, time)}`
    let free = id
    for (let number = 2; data.taken.includes(free); number++) free = `${id}-${number}`
    return free
  }

  const states = () => Object.fromEntries(components.filter(each => each.value).map(each => [each.dataset.component, each.value]))
  const isFinal = status => data.final.includes(status)

  function keys(said) {
    const lines = [`status: ${said.status}`]
    const changed = Object.entries(said.components)
    if (changed.length) lines.push(`components: {${changed.map(([id, state]) => `${id}: ${state}`).join(", ")}}`)
    if (said.next) lines.push(`next: ${iso(said.next)}`)
    if (said.window) lines.push(`window: ${said.window}`)
    return lines
  }

  function fileOf(said) {
    if (said.incident) {
      return [`${data.folder}/${said.incident.file}/${stamp(said.at)}.md`, `---\n${keys(said).join("\n")}\n---\n${said.message}\n`]
    }
    const bar = /^\s/.test(said.message) ? "|2" : "|"
    const item = [`at: ${iso(said.at)}`, ...keys(said), `message: ${bar}`, ...said.message.split("\n").map(line => line && `  ${line}`)]
    const head = [`title: ${JSON.stringify(said.title)}`, ...(said.impact ? [`impact: ${said.impact}`] : []), "updates:"]
    const text = `---\n${head.join("\n")}\n- ${item.map(line => line && `  ${line}`).join("\n").trimStart()}\n---\n`
    return [`${data.folder}/${freeId(said.title, said.at)}.md`, text]
  }

  function address(path, text) {
    const parameters = `${data.pathParameter}=${encodeURIComponent(path)}&${data.textParameter}=${encodeURIComponent(text)}`
    return `${data.page}?${parameters}`
  }

  // -- what is said ---------------------------------------------------------------------------

  const chosen = () => data.incidents.find(each => each.id === element("incident").value)

  function promised(status, impact, at) {
    const typed = element("next").value
    if (isFinal(status) || typed === "none") return null
    if (typed) return new Date(at.getTime() + typed * 60000)
    return data.rhythm[impact] ? new Date(at.getTime() + data.rhythm[impact] * 60000) : null
  }

  function worst(all) {
    const order = { degraded_performance: "minor", partial_outage: "major", major_outage: "critical" }
    const found = Object.values(all).map(state => order[state]).filter(Boolean)
    return ["critical", "major", "minor"].find(impact => found.includes(impact)) || "none"
  }

  function problemOf(said) {
    if (!said.incident && !said.title) return words.noTitle
    if (!said.message) return words.noMessage
    for (const text of [said.title, said.message]) {
      const unwanted = text.match(UNWANTED)
      if (unwanted) return filled(words.character, { character: "U+" + unwanted[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") })
    }
    const blank = said.message.match(/\{[a-z][a-z0-9_-]*\}/) || said.title.match(/\{[a-z][a-z0-9_-]*\}/)
    if (blank && element("template").value) return filled(words.blank, { blank: blank[0] })
    const line = said.message.split("\n").find(each => RECORD.test(each) || MARKER.test(each))
    return line === undefined ? "" : filled(words.record, { line })
  }

  function said() {
    const incident = chosen(), at = new Date(Math.floor(Date.now() / 1000) * 1000)
    if (incident && at <= new Date(incident.last)) at.setTime(new Date(incident.last).getTime() + 1000)
    const status = element("status").value, changed = isFinal(status) ? {} : states()
    const impact = element("impact").value || worst({ ...(incident ? incident.components : {}), ...changed })
    const [begin, until] = (incident && incident.window) || []
    const isOutside = begin && (at < new Date(begin) || at > new Date(until))
    return {
      incident, at, status, components: changed, impact: incident ? "" : element("impact").value,
      title: incident ? "" : tidy(element("title").value).replace(/\s+/g, " ").trim(),
      message: tidy(element("message").value), next: promised(status, impact, at), window: isOutside ? begin : "",
    }
  }

  // -- lengths: the same rules as text/sms.py ---------------------------------------------------

  const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
  const EXTENDED = "\f^{}\\[~]|€"

  function sms(text) {
    const characters = [...text]
    const isGsm = characters.every(each => BASIC.includes(each) || EXTENDED.includes(each))
    const sizes = characters.map(each => (isGsm ? (EXTENDED.includes(each) ? 2 : 1) : each.length))
    const units = sizes.reduce((sum, size) => sum + size, 0), [single, part] = isGsm ? [160, 153] : [70, 67]
    if (units <= single) return { units, parts: units ? 1 : 0 }
    let parts = 1, used = 0
    for (const size of sizes) {
      if (used + size > part) { parts++; used = 0 }
      used += size
    }
    return { units, parts }
  }

  function graphemes(text) {
    if (!Intl.Segmenter) return [...text].length
    return [...new Intl.Segmenter().segment(text)].length
  }

  function lengths(text, url) {
    const whole = `${text} ${url}`
    const { units, parts } = sms(whole)
    return [
      ["SMS", filled(words.parts, { units, parts }), parts > 3],
      ...[["Mastodon", [...text].length + 24, 500], ["Bluesky", graphemes(whole), 300], ["X", [...text].length + 24, 280], ["Telegram", [...whole].length, 4096]]
        .map(([name, length, room]) => [name, filled(words.of, { length, room }), length > room]),
    ]
  }

  // -- the page -------------------------------------------------------------------------------

  function options(select, pairs, value) {
    select.replaceChildren(...pairs.map(([code, label]) => new Option(label, code)))
    select.value = pairs.some(([code]) => code === value) ? value : pairs.length ? pairs[0][0] : ""
  }

  function shown(time) {
    return new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: data.zone, dateStyle: "medium", timeStyle: "short" }).format(time)
  }

  function show() {
    const incident = chosen(), kind = incident ? incident.kind : "incident"
    element("of-new").hidden = element("of-impact").hidden = Boolean(incident)
    options(element("status"), data.statuses[kind].filter(([code]) => incident || !isFinal(code)), element("status").value)
    element("of-next").hidden = isFinal(element("status").value)
    const now = said(), problem = problemOf(now)
    const isEmpty = !element("message").value && !element("title").value
    element("problem").textContent = isEmpty ? "" : problem
    element("result").hidden = Boolean(problem)
    keep()
    if (problem) return
    const [path, text] = fileOf(now)
    const label = data.statuses[kind].find(([code]) => code === now.status)[1]
    const title = incident ? incident.title : now.title
    const promise = now.next ? `\n\n${filled(words.promised, { time: shown(now.next) })}` : ""
    element("preview").textContent = `${title}\n${label} · ${shown(now.at)}\n\n${now.message}${promise}`
    const id = incident ? incident.id : path.split("/").pop().slice(0, -3)
    const rows = lengths(`${data.site}: ${title} (${label}). ${now.message}`, `${data.url}incidents/${id}/`)
    element("lengths").replaceChildren(...rows.map(([name, length, isOver]) => {
      const row = document.createElement("tr"), head = document.createElement("th"), cell = document.createElement("td")
      head.scope = "row"
      head.textContent = name
      cell.textContent = length
      cell.className = isOver ? "over" : ""
      row.append(head, cell)
      return row
    }))
    const target = address(path, text), isLong = target.length > data.maxAddress
    element("go").href = isLong ? `${data.page}?${data.pathParameter}=${encodeURIComponent(path)}` : target
    element("too-long").hidden = !isLong
    element("too-long").textContent = isLong ? words.long : ""
    element("path").textContent = path
    element("file").value = text
  }

  async function copy(area, text, button) {
    const label = button.textContent
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      area.focus()
      if (area.select) area.select()
      else getSelection().selectAllChildren(area)
      let done = false
      try { done = document.execCommand("copy") } catch { /* then the person copies the selection */ }
      if (!done) { button.textContent = words.select; return }
    }
    button.textContent = words.copied
    setTimeout(() => { button.textContent = label }, 3000)
  }

  // -- what was typed stays ---------------------------------------------------------------------

  let isKept = true

  function keep() {
    const typed = Object.fromEntries(fields.map(id => [id, element(id).value]))
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...typed, components: states() }))
    } catch { isKept = false }
    element("kept").textContent = isKept ? words.kept : words.notKept
  }

  function restore() {
    let typed = {}
    try { typed = JSON.parse(localStorage.getItem(KEY)) || {} } catch { /* nothing was kept */ }
    for (const id of fields) if (typeof typed[id] === "string") element(id).value = typed[id]
    for (const each of components) each.value = (typed.components || {})[each.dataset.component] || ""
    show()  // the statuses are those of the incident that was chosen
    if (typed.status) { element("status").value = typed.status; show() }
  }

  function fillTemplate() {
    const found = data.templates.find(each => each.name === element("template").value)
    if (!found) return
    const names = components.filter(each => each.value).map(each => each.labels[0].textContent)
    const next = said().next
    const value = text => text.replaceAll("{components}", names.join(", ") || "{components}").replaceAll("{next}", next ? shown(next) : "{next}").replaceAll(/\{\{|\}\}/g, brace => brace[0])
    const typed = element("message").value
    element("message").value = typed ? `${typed}\n\n${value(found.message).trim()}` : value(found.message).trim()
    if (!chosen() && !element("title").value) element("title").value = value(found.title)
    if (found.status) element("status").value = found.status
    show()
  }

  // -- how old the knowledge of what is open is ---------------------------------------------------

  let known = new Date(data.written), isReached = true

  function age() {
    const minutes = Math.max(0, Math.round((Date.now() - known) / 60000))
    const text = minutes < 1 ? words.fresh : filled(words.age, { time: `${minutes}\u00a0min` })
    element("age").textContent = isReached ? text : `${text} ${words.offline}`
  }

  async function refresh() {
    try {
      const answer = await fetch("../status.json", { cache: "no-store" })
      if (!answer.ok) throw new Error(answer.statusText)
      const fresh = await answer.json()
      const current = [...fresh.open, ...fresh.planned].map(each => ({
        file: each.id, components: {}, last: each.updated || fresh.written,
        kind: each.impact === "maintenance" || each.from ? "maintenance" : "incident",
        ...data.incidents.find(before => before.id === each.id), id: each.id, title: each.title, status: each.status || "scheduled",
      }))
      isReached = true
      known = new Date(fresh.written)
      data.incidents = current
      incidents()
    } catch { isReached = false }
    age()
  }

  function incidents() {
    const value = element("incident").value
    options(element("incident"), [...data.incidents.map(each => [each.id, each.title]), ["", words.new]], value)
    show()
  }

  options(element("next"), [["", words.usual], ...[15, 30, 60, 120, 240].map(minutes => [String(minutes), filled(words.minutes, { time: `${minutes}\u00a0min` })]), ["none", words.none]], "")
  options(element("template"), [["", "–"], ...data.templates.map(each => [each.name, each.name])], "")
  options(element("incident"), [...data.incidents.map(each => [each.id, each.title]), ["", words.new]], data.incidents.length ? data.incidents[0].id : "")
  element("form").hidden = false
  restore()
  element("form").addEventListener("input", event => { if (event.target.id !== "template") show() })
  element("template").addEventListener("change", fillTemplate)
  element("form").addEventListener("submit", event => event.preventDefault())
  element("go").addEventListener("click", show)  // the time of the update is that of this moment
  element("go").addEventListener("auxclick", show)
  element("copy").addEventListener("click", () => copy(element("file"), element("file").value, element("copy")))
  element("copy-path").addEventListener("click", () => copy(element("path"), element("path").textContent, element("copy-path")))
  element("clear").addEventListener("click", () => {
    for (const id of ["title", "template", "message", "impact", "next"]) element(id).value = ""
    for (const each of components) each.value = ""
    show()
    try { localStorage.removeItem(KEY) } catch { /* nothing was kept */ }
  })
  age()
  setInterval(age, 30000)
  refresh()
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh() })
})()
