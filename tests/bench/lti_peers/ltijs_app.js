// ltijs on PostgreSQL in as many processes as the Python tools have, as its documentation sets it up.
const cluster = require('node:cluster')
const path = require('node:path')
const { createRequire } = require('node:module')
const fromPackages = createRequire(path.join(process.env.BENCH_PACKAGES, 'package.json'))
const lti = fromPackages('ltijs').Provider
const Database = fromPackages('ltijs-sequelize')

const { BENCH_PORT, BENCH_DATABASE, BENCH_ISSUER, BENCH_CLIENT, BENCH_WORKERS } = process.env
const address = new URL(BENCH_DATABASE)

async function serve () {
  const database = new Database(address.pathname.slice(1), address.username, address.password || 'none', {
    host: address.hostname, port: Number(address.port || 5432), dialect: 'postgres', logging: false
  })
  // The token of a launch that waited among 1,000 others is older than the ten seconds that it allows by default.
  lti.setup('a secret of the bench', { plugin: database }, {
    appRoute: '/lti/launch', loginRoute: '/lti/login', keysetRoute: '/lti/keys', cookies: { secure: false }, tokenMaxAge: 60
  })
  lti.onConnect((token, req, res) => res.send('launched'))
  await lti.deploy({ port: Number(BENCH_PORT), silent: true })
  if (cluster.isPrimary) {
    await lti.registerPlatform({
      url: BENCH_ISSUER, name: 'Bench', clientId: BENCH_CLIENT,
      authenticationEndpoint: BENCH_ISSUER + '/auth', accesstokenEndpoint: BENCH_ISSUER + '/token',
      authConfig: { method: 'JWK_SET', key: BENCH_ISSUER + '/keys/ltijs' }
    })
    await (await lti.getPlatform(BENCH_ISSUER, BENCH_CLIENT)).platformActive(true)
  }
}

// The primary makes the tables and registers the platform, gives its port up, and lets the others serve.
if (cluster.isPrimary) {
  serve().then(() => lti.close({ silent: true })).catch(() => {}).then(() => {
    for (let number = 0; number < Number(BENCH_WORKERS); number++) cluster.fork()
  })
  process.on('SIGTERM', () => { for (const each of Object.values(cluster.workers)) each.kill(); process.exit(0) })
} else {
  serve()
}
