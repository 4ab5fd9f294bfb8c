// A Bluesky network of its own: identity directory (in memory), personal data server (SQLite in a
// temporary folder) and app view (PostgreSQL at DB_POSTGRES_URL), wired as in production.
// Prints its addresses as one line of JSON; ends when standard input is closed.
// Started by start.py, from the folder in which package-lock.json is installed.
import { TestBsky, TestPds, TestPlc, mockNetworkUtilities } from '@atproto/dev-env'
import getPort from 'get-port'

const plc = await TestPlc.create({})
const pdsPort = await getPort()
const appView = await TestBsky.create({
  plcUrl: plc.url,
  pdsPort,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: 'appview',
})
const pds = await TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: appView.url,
  bskyAppViewDid: appView.serverDid,
  rateLimitsEnabled: process.env.RATE_LIMITS === 'true',
})
mockNetworkUtilities(pds, appView)
process.stdout.write(JSON.stringify({ pds: pds.url, appview: appView.url }) + '\n')

process.stdin.resume()
process.stdin.on('end', async () => {
  await appView.close()
  await pds.close()
  await plc.close()
  process.exit(0)
})
