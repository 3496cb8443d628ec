import type { Bar, Spread } from '../measure/ratio.js';
import type { BenchReport, ScenarioReport } from './report.js';

/** Renders a report for people: what `docs/performance.md` holds. Ends with a newline. */
export function renderMarkdown(report: BenchReport): string {
  return `${[
    '# Performance',
    '',
    `Written by \`${report.command}\` on ${report.date}; do not edit.`,
    '',
    ...facts(report),
    '',
    '## Ratios',
    '',
    'Each ratio is the highest rate of a scenario over a baseline that was measured seconds before it on the same',
    'machine (for GraphQL: p95 over p95 at the same rate). Shared machines change their speed within minutes; ratios of',
    'one round do less. The median of the rounds decides; the range is that of the rounds. The last column is the same',
    'ratio in processor time (server and PostgreSQL for one request, over that of the baseline or under it), which other',
    'load on the machine hardly moves: where the two differ much, believe the last.',
    '',
    table(
      ['Scenario', 'Findings', 'Measured', 'Baseline', 'Ratio (min..max)', 'Bar', 'Verdict', 'By processor time'],
      report.scenarios.map((one) => [
        one.title,
        one.findings.join(', '),
        quantity(one.measured, one.unit),
        `${quantity(one.baseline, one.unit)}: ${one.comparison}`,
        range(one.ratio),
        barText(one.ratio.bar),
        verdictOf(one),
        one.cpuRatio === null ? 'unknown' : range(one.cpuRatio),
      ]),
    ),
    '',
    '## Latency at a fixed rate',
    '',
    'The rate is a share (40 or 50 %) of the highest rate of the same round. Open loop: requests leave at fixed',
    'instants whether the server keeps up or not, and latency runs from the instant intended, so a stall counts for',
    'every request that it holds up. Medians of the rounds; the maximum is that of all. The last column is how late',
    'the generator itself was in its worst round (p99): latencies include it.',
    '',
    table(
      ['Scenario', 'Rate meant', 'Rate reached', 'p50', 'p95', 'p99', 'max', 'Generator late by'],
      report.scenarios.map(({ title, open }) => [
        title,
        `${significant(open.intendedRate.median)}/s`,
        `${significant(open.achievedRate.median)}/s`,
        milliseconds(open.p50Ms.median),
        milliseconds(open.p95Ms.median),
        milliseconds(open.p99Ms.median),
        milliseconds(open.maxMs),
        milliseconds(open.generatorLatenessMs),
      ]),
    ),
    '',
    ...goals(report.scenarios),
    '## Cost of a request',
    '',
    'Processor time at the highest rate, and the share of one core that the load generator used meanwhile. Generator,',
    'server and PostgreSQL share the cores; with a generator share near 1 the generator was the limit.',
    '',
    table(
      ['Scenario', 'Server', 'PostgreSQL', 'Generator (scenario)', 'Generator (baseline)', 'Requests', 'Wrong answers'],
      report.scenarios.map((one) => [
        one.title,
        one.cost === null ? 'unknown' : `${significant(one.cost.serverUs.median)} us`,
        one.cost === null ? 'unknown' : `${significant(one.cost.postgresUs.median)} us`,
        percent(one.generatorCpuShare.measured),
        percent(one.generatorCpuShare.baseline),
        one.requests.toLocaleString('en'),
        one.failed.toLocaleString('en'),
      ]),
    ),
    '',
    ...wrongAnswers(report.scenarios),
    '## What was measured',
    '',
    ...NOTES,
  ].join('\n')}\n`;
}

const NOTES = [
  '- The product itself, started by `nova start` with its defaults (access log included, rate limits off), one process,',
  '  embedded PostgreSQL with fsync on. Requests are plain HTTP/1.1 over loopback without compression.',
  '- Every answer is checked for status and size, a sample byte by byte; before the load, whole lists are walked: order,',
  '  no id twice, totals as in the tables, GraphQL equal to REST, own posts in the next read; after it, every',
  '  acknowledged post must be there once.',
  '- Pages have 20 posts. "Warm" means readers who come back: the first page is kept for a second at most, so at the',
  '  rates above nearly all requests are answered from memory.',
  "- An author's posts are asked for by all readers at random, who follow none of the authors: ten busy ones, and one",
  '  with 20,000 posts. Each request reads from PostgreSQL which posts the reader may see, how many like them, and',
  '  whether the reader does; their texts come from memory once they were read (`--set NOVA_CACHE_MAX_BYTES=0` for never).',
  '- After filling, the tables are vacuumed and analysed once, as autovacuum does within minutes of a large change.',
  '- Primary-key selects run on one pipelined connection with 64 in flight, as nova_app under row-level security, with',
  "  the tenant set once for the session. The product has to set it for each transaction: the machine's table has that",
  '  rate too.',
  "- The bars of sign in, post creation and deep feed pages are this bench's own; the others are the first bars of",
  '  the project. In wall time the load generator competes with the server for the cores, in calibrations without HTTP',
  '  it does not; processor times count the server and PostgreSQL, and of those calibrations the client as well.',
];

function facts({ machine, options, posts, calibrations, foreignShare }: BenchReport): string[] {
  const { data } = options;
  const community =
    data.kind === 'seed'
      ? `synthetic community, ${data.users.toLocaleString('en')} users, seed ${data.seed}`
      : `${data.kind}, ${data.kind === 'edges' ? data.file : data.directory}`;
  const settings = Object.entries(options.settings).map(([name, value]) => `${name}=${value}`);
  return [
    table(
      ['Fact', 'Value'],
      [
        ['Processor', `${machine.cores} cores, ${machine.processor}`],
        ['Memory', `${machine.memoryGib} GiB`],
        ['System', `${machine.platform}, Node.js ${machine.node}, PostgreSQL ${machine.postgres}`],
        ['Data', `${community}; ${posts.toLocaleString('en')} public posts`],
        ['Load', `${options.rounds} rounds, slices of ${options.durationMs / 1_000} s`],
        ['Readers', `${options.readers}, following ${options.follows} each`],
        ...(settings.length > 0 ? [['Settings', settings.join(', ')]] : []),
        [
          'Other load on the machine meanwhile',
          foreignShare === null ? 'unknown' : `${percent(foreignShare)} of its cores`,
        ],
        ['Primary-key selects', `${range(calibrations.selectsPerSecond)} /s`],
        ['The same, each setting its tenant in a transaction', `${range(calibrations.tenantTransactionsPerSecond)} /s`],
        ['Inserts, 100 rows a statement, one connection', `${range(calibrations.batchRowsPerSecond)} rows/s`],
      ],
    ),
  ];
}

function goals(scenarios: readonly ScenarioReport[]): string[] {
  const rows = scenarios.flatMap(({ title, goals: wanted }) =>
    wanted.map(({ finding, percentile, atMostMs, measuredMs, met }) => [
      finding,
      title,
      `${percentile.slice(0, -2)} <= ${atMostMs} ms`,
      milliseconds(measuredMs),
      met ? 'met' : 'missed',
    ]),
  );
  if (rows.length === 0) return [];
  return [
    'Absolute targets of the findings, at the rates above:',
    '',
    table(['Finding', 'Scenario', 'Target', 'Measured', ''], rows),
    '',
  ];
}

function wrongAnswers(scenarios: readonly ScenarioReport[]): string[] {
  const lines = scenarios.flatMap(({ title, failures }) => failures.map((failure) => `- ${title}: ${failure}`));
  return lines.length === 0 ? [] : ['## Wrong answers', '', ...lines, ''];
}

function verdictOf({ ratio, failures }: ScenarioReport): string {
  return failures.length > 0 ? 'WRONG ANSWERS' : ratio.verdict;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function quantity(spread: Spread, unit: '1/s' | 'ms'): string {
  return unit === 'ms' ? `p95 ${milliseconds(spread.median)}` : `${significant(spread.median)}/s`;
}

function range({ median, min, max }: Spread): string {
  return `${significant(median)} (${significant(min)}..${significant(max)})`;
}

/** Three significant digits, thousands set apart. */
function significant(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}

function milliseconds(value: number): string {
  return `${significant(value)} ms`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function barText({ direction, value }: Bar): string {
  return `${direction === 'at_least' ? '>=' : '<='} ${value}`;
}
