/**
 * `npm run bench`: see USAGE in options.ts. Exits with 1 for wrong answers, a failed or an interrupted run, 2 below a bar
 * (--enforce).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBench } from './bench.js';
import { parseOptions, UsageError } from './options.js';
import { renderMarkdown } from './report/markdown.js';
import { type BenchReport, reportOf } from './report/report.js';

const DOCUMENT = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseOptions(args);
  if ('print' in options) {
    process.stdout.write(options.print);
    return 0;
  }
  const startedAt = performance.now();
  const say = (line: string) =>
    process.stderr.write(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s ${line}\n`);
  const run = await runBench(options, say, signal);
  const command = `npm run bench -- ${reproducible(args).join(' ')}`.trim();
  const report = reportOf(run, options, command, new Date().toISOString().slice(0, 10));
  const markdown = renderMarkdown(report);
  await mkdir(options.out, { recursive: true });
  await writeFile(path.join(options.out, 'bench-report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(path.join(options.out, 'bench-report.md'), markdown);
  if (options.writeDocs) await writeFile(DOCUMENT, markdown);
  process.stdout.write(markdown);
  return exitCodeOf(report, options.enforce);
}

/** The arguments without those that only say where to write, and without the paths of data sets. */
function reproducible(args: readonly string[]): string[] {
  return args
    .filter((arg, index) => arg !== '--out' && !arg.startsWith('--out=') && args[index - 1] !== '--out')
    .map((arg) => arg.replace(/^((?:--data=)?(?:ldbc-snb|edges):).*[\\/](?=.)/, '$1'));
}

function exitCodeOf({ scenarios }: BenchReport, enforce: boolean): number {
  if (scenarios.some(({ failures }) => failures.length > 0)) return 1;
  return enforce && scenarios.some(({ ratio }) => ratio.verdict === 'BELOW') ? 2 : 0;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
}
try {
  process.exitCode = await main(process.argv.slice(2), interruption.signal);
} catch (error) {
  if (error === interruption.signal.reason) {
    console.error(`${(error as Error).message}; the server is stopped and its data are removed`);
    // What was measuring still waits for a server that is gone; the helpers end with their parent.
    process.exit(1);
  }
  console.error(error instanceof UsageError ? `${error.message}\nTry --help.` : error);
  process.exitCode = 1;
}
