import { parseArgs } from 'node:util';
import { scenarioNamed, scenarios } from './scenarios/index.js';

/** Where the data come from. */
export type DataSource =
  | { readonly kind: 'seed'; readonly users: number; readonly seed: number }
  | { readonly kind: 'ldbc-snb'; readonly directory: string }
  | { readonly kind: 'edges'; readonly file: string };

export interface BenchOptions {
  readonly scenarios: readonly string[];
  readonly data: DataSource;
  readonly seed: number;
  readonly rounds: number;
  /** Of each measured slice. */
  readonly durationMs: number;
  readonly readers: number;
  readonly follows: number;
  readonly out: string;
  readonly writeDocs: boolean;
  readonly profile: boolean;
  readonly enforce: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

const USAGE = `Usage: npm run bench -- [options]

Starts Nova on a temporary database, fills it, and measures each scenario against calibrations of the same run.

  --scenario <name>   run this one only; may be given several times (see --list)
  --users <n>         members of the synthetic community (default 2000)
  --seed <n>          seed of the community and of what is asked for (default 1)
  --data <source>     ldbc-snb:<directory> or edges:<file> instead of the synthetic community
  --rounds <n>        rounds of calibration and scenario in turn (default 5)
  --duration <s>      length of each measured slice in seconds (default 2)
  --readers <n>       members whose feeds are read (default 64)
  --follows <n>       members each of them follows (default 100)
  --set <NAME=VALUE>  a setting of the server; may be given several times
  --out <directory>   where bench-report.json and bench-report.md go (default .nova/bench)
  --write-docs        also write docs/performance.md
  --profile           also write V8 profiles of the server to <out>/profiles
  --enforce           exit with 2 when a ratio is below its bar
  --list              print the names of the scenarios
  --help              print this text
`;

export class UsageError extends Error {}

/** What to do: run with options, or print something. Throws `UsageError` for arguments that make no sense. */
export function parseOptions(args: readonly string[]): BenchOptions | { readonly print: string } {
  const { values } = parse(args);
  if (values.help === true) return { print: USAGE };
  if (values.list === true) return { print: scenarios.map(({ name, title }) => `${name}: ${title}\n`).join('') };
  const seed = whole('seed', values.seed, 0, 2 ** 31 - 1);
  return {
    scenarios: selected(values.scenario ?? []),
    data: dataSource(values.data, whole('users', values.users, 100, 100_000), seed),
    seed,
    rounds: whole('rounds', values.rounds, 1, 1_000),
    durationMs: positive('duration', values.duration) * 1_000,
    readers: whole('readers', values.readers, 1, 10_000),
    follows: whole('follows', values.follows, 1, 5_000),
    out: values.out,
    writeDocs: values['write-docs'] === true,
    profile: values.profile === true,
    enforce: values.enforce === true,
    settings: Object.fromEntries((values.set ?? []).map(setting)),
  };
}

function parse(args: readonly string[]) {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const flag = { type: 'boolean' } as const;
  const list = { type: 'string', multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: list,
        users: text('2000'),
        seed: text('1'),
        data: { type: 'string' },
        rounds: text('5'),
        duration: text('2'),
        readers: text('64'),
        follows: text('100'),
        set: list,
        out: text('.nova/bench'),
        'write-docs': flag,
        profile: flag,
        enforce: flag,
        list: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function selected(names: readonly string[]): string[] {
  if (names.length === 0) return scenarios.map(({ name }) => name);
  try {
    return names.map((name) => scenarioNamed(name).name);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function dataSource(text: string | undefined, users: number, seed: number): DataSource {
  if (text === undefined) return { kind: 'seed', users, seed };
  const [, kind, place] = /^(ldbc-snb|edges):(.+)$/.exec(text) ?? [];
  if (kind === 'ldbc-snb' && place !== undefined) return { kind, directory: place };
  if (kind === 'edges' && place !== undefined) return { kind, file: place };
  throw new UsageError(`--data is ldbc-snb:<directory> or edges:<file>, not ${text}`);
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not ${text}`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 3_600) return value;
  throw new UsageError(`--${name} is a number above 0 and up to 3600, not ${text}`);
}

function setting(text: string): [string, string] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--set is NAME=VALUE, not ${text}`);
  return [name, value];
}
