// What the Node clients make of the API at an address, as read.py says it.
const address = process.argv[2]

async function statuspageJs() {
  const { Statuspage } = require("statuspage.js")
  const client = new Statuspage("ours")
  client.axios.defaults.baseURL = `${address}api/v2`
  const summary = await client.summary()
  if (!(summary.page.updated_at instanceof Date) || isNaN(summary.page.updated_at)) throw new Error("no time")
  await client.allIncidents()
  return told(summary)
}

async function statuspageIo() {
  const { Statuspage } = require("statuspage.io")
  const client = new Statuspage("ours")
  client.setApiUrl(address)
  for (const read of [client.api.getComponents, client.api.getStatus]) await read()
  return told(await client.api.getSummary())
}

const told = (summary) => [
  summary.status.indicator,
  [...summary.incidents, ...summary.scheduled_maintenances].map((found) => found.name),
  summary.components.length,
]

;(async () => console.log(JSON.stringify({ "statuspage.js": await statuspageJs(), "statuspage.io": await statuspageIo() })))()
