import { writeFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { type Config, loadConfig, readEnvironment } from '../config/index.js';
import { migrateUp } from '../platform/migrations/index.js';
import { createLogger } from '../platform/telemetry/index.js';
import { checkDatabase } from './check-database.js';
import { createDemoAccount, type DemoSignIn, demoCommunity } from './demo.js';
import { openDemoDeployment } from './demo-deployment.js';
import { type Deployment, openDeployment } from './deployment.js';
import { MIGRATIONS_ROOT, withNovaOn } from './open-nova.js';
import { run } from './run.js';
import { importOf, runImport } from './run-import.js';
import { type Serving, startServing } from './serving.js';
import { createTerminal, type Terminal } from './terminal.js';

/** Settings that make a first look pleasant; what the environment says wins. */
const DEMO_ENVIRONMENT = {
  NOVA_HTTP_PORT_FALLBACK: 'true',
  NOVA_ADMIN_PORT_FALLBACK: 'true',
  NOVA_LOG_FORMAT: 'pretty',
  NOVA_LOG_LEVEL: 'warn',
  // The first statements of a process are slow while everything else of it starts.
  NOVA_DATABASE_SLOW_QUERY_MS: '1s',
};

export const start = defineCommand({
  meta: { name: 'start', description: 'Serve: on the embedded PostgreSQL, or on DATABASE_URL' },
  args: {
    demo: { type: 'boolean', default: false, description: 'With a community and an account to look around with' },
    import: {
      type: 'string',
      description: 'First import ldbc-snb:<dir> or edges:<file>; with --demo instead of the synthetic community',
    },
    processes: { type: 'string', description: 'Serving processes that share the port (NOVA_PROCESSES)' },
    port: { type: 'string', description: 'Port of the API (NOVA_HTTP_PORT)' },
    'ready-file': { type: 'string', description: 'Write the addresses there, as JSON, once requests are taken' },
  },
  run: ({ args }) =>
    run(async () => {
      const startedAt = performance.now();
      const defaults = args.demo ? DEMO_ENVIRONMENT : {};
      const config = loadConfig({
        ...defaults,
        ...readEnvironment(),
        ...(args.processes === undefined ? {} : { NOVA_PROCESSES: args.processes }),
        ...(args.port === undefined ? {} : { NOVA_HTTP_PORT: args.port }),
      });
      const log = createLogger(config, { processId: 0 });
      const terminal = createTerminal();
      const stopRequested = nextStopSignal();
      const deployment = args.demo
        ? await openDemoDeployment(config, log)
        : await openDeployment(config, log, { join: false });
      let serving: Serving | undefined;
      try {
        await migrateUp({ ownerUrl: deployment.addresses.owner, root: MIGRATIONS_ROOT, log });
        await checkDatabase(config, deployment.addresses);
        const signIn = await prepareData(config, deployment, terminal, args);
        serving = await startServing(config, deployment, log, defaults);
        await announce(terminal, serving, signIn, config, startedAt, args['ready-file']);
        await stopRequested;
      } finally {
        await serving?.close();
        await deployment.close();
      }
    }),
});

async function prepareData(
  config: Config,
  deployment: Deployment,
  terminal: Terminal,
  { demo, import: source }: { demo: boolean; import?: string | undefined },
): Promise<DemoSignIn | null> {
  if (!demo && source === undefined) return null;
  return await withNovaOn(config, deployment, async (nova) => {
    const isEmpty = async () => (await nova.mostFollowed(nova.defaultTenant.id, 1)).length === 0;
    if (source !== undefined) await runImport(nova, deployment.addresses, terminal, importOf(source));
    else if (await isEmpty()) await runImport(nova, deployment.addresses, terminal, demoCommunity);
    return demo ? await createDemoAccount(nova) : null;
  });
}

async function announce(
  terminal: Terminal,
  { url, processes }: Serving,
  signIn: DemoSignIn | null,
  config: Config,
  startedAt: number,
  readyFile: string | undefined,
): Promise<void> {
  const adminUrls = processes.map((process) => process.adminUrl);
  terminal.line(`Nova is ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  if (config.web && config.tenancy.defaultTenant) terminal.line(`  Web app    ${url}/`);
  terminal.line(`  API        ${url}/api/v1`);
  terminal.line(`  Reference  ${url}/docs`);
  if (config.environment === 'development') terminal.line(`  GraphiQL   ${url}/graphiql`);
  terminal.line(`  Metrics    ${adminUrls.map((adminUrl) => `${adminUrl}/metrics`).join(' ')}`);
  if (config.mail.url === undefined) terminal.line('  Mail       not configured (NOVA_MAIL_URL): written to the log');
  if (signIn !== null) terminal.line(demoText(url, signIn));
  if (readyFile !== undefined) {
    await writeFile(readyFile, JSON.stringify({ url, adminUrls, processes: processes.map(({ pid }) => pid) }));
  }
}

function demoText(url: string, { login, password }: DemoSignIn): string {
  return `
  Demo sign-in: ${login} / ${password}

  TOKEN=$(curl -s ${url}/api/v1/sessions -H 'content-type: application/json' \\
    -d '{"login":"${login}","password":"${password}"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -s "${url}/api/v1/feed?limit=3" -H "authorization: Bearer $TOKEN"

  Ctrl-C stops it.`;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
