import { defineCommand } from 'citty';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { importOf, runImport } from './run-import.js';
import { createTerminal } from './terminal.js';

const importInto = (source: string) =>
  withNova((nova, { deployment }) => runImport(nova, deployment.addresses, createTerminal(), importOf(source)));

const ldbcSnb = defineCommand({
  meta: {
    name: 'ldbc-snb',
    description: 'Import a data set of the LDBC Social Network Benchmark (Interactive v1, CsvMergeForeign layout)',
  },
  args: { dir: { type: 'positional', required: true, description: 'Holds dynamic/ and static/' } },
  run: ({ args }) => run(() => importInto(`ldbc-snb:${args.dir}`)),
});

const edges = defineCommand({
  meta: { name: 'edges', description: 'Import a friendship graph: a pair of numbers a line' },
  args: { file: { type: 'positional', required: true, description: 'The edge list' } },
  run: ({ args }) => run(() => importInto(`edges:${args.file}`)),
});

export const importCommand = defineCommand({
  meta: { name: 'import', description: 'Import a community into the default tenant' },
  subCommands: { 'ldbc-snb': ldbcSnb, edges },
});
