import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defineCommand } from 'citty';
import { printSchema } from 'graphql';
import { createNova } from '../app.js';
import { loadConfig, renderConfigurationReference } from '../config/index.js';
import type { Query } from '../platform/db/index.js';
import type { ErrorCatalogue } from '../platform/errors/index.js';
import { createMetrics, createSilentLogger } from '../platform/telemetry/index.js';
import { errorCatalogue, namedQueries } from '../registry.js';
import { buildGraphqlSchema } from '../transports/graphql/index.js';
import { renderOpenApi } from '../transports/rest/index.js';
import { run } from './run.js';
import { novaVersion } from './version.js';

/** Descriptions of the interfaces, from the code that implements them; committed, and compared in CI. */
export const generate = defineCommand({
  meta: { name: 'generate', description: 'Write openapi.json, schema.graphql, queries.sql and the reference pages' },
  args: { out: { type: 'string', required: true, description: 'Gets generated/ and docs/' } },
  run: ({ args }) =>
    run(async () => {
      for (const [file, text] of Object.entries(await render())) {
        const target = path.join(args.out, file);
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, text);
      }
    }),
});

async function render(): Promise<Readonly<Record<string, string>>> {
  const metrics = createMetrics();
  const nova = createNova({
    config: loadConfig({}),
    // Nothing is opened: the descriptions need no database.
    addresses: { app: 'postgres://127.0.0.1/', direct: 'postgres://127.0.0.1/', system: 'postgres://127.0.0.1/' },
    secretKey: 'nothing is signed with this secret',
    log: createSilentLogger(),
    metrics,
  });
  try {
    const catalogue = errorCatalogue();
    const domains = nova.domains.map(({ name, description, bindings }) => ({
      name,
      description,
      bindings: bindings.rest,
    }));
    const schema = buildGraphqlSchema(
      nova.domains.map(({ bindings }) => bindings.graphql),
      nova.execute,
    );
    return {
      'generated/openapi.json': renderOpenApi({ version: novaVersion(), domains, catalogue }),
      'generated/schema.graphql': `${printSchema(schema)}\n`,
      'generated/queries.sql': renderQueries(namedQueries()),
      'docs/configuration.md': renderConfigurationReference(),
      'docs/errors.md': renderErrors(catalogue),
    };
  } finally {
    await nova.close();
    metrics.close();
  }
}

function renderQueries(queries: readonly Query[]): string {
  const sorted = [...queries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const header = '-- Every named statement, as PostgreSQL gets it. Written by `npm run generate`.\n';
  return `${header}${sorted.map((query) => `\n-- ${query.name} (${query.role}, ${query.kind}) ${query.order.map((name, index) => `$${index + 1}=${name}`).join(' ')}\n${dedent(query.text)};\n`).join('')}`;
}

function dedent(text: string): string {
  const lines = text.replace(/^\n+|\s+$/g, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}

function renderErrors(catalogue: ErrorCatalogue): string {
  const rows = Object.entries(catalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, retryable }]) => `| \`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} |`,
    );
  return `# Errors

Written by \`npm run generate\` from the catalogue. REST answers errors as \`application/problem+json\` (RFC 9457) with
this \`code\`; GraphQL has it in \`extensions.code\`. "Retryable" says whether the same call may succeed later unchanged.

| code | status | title | retryable |
|---|---|---|---|
${rows.join('\n')}
`;
}
