/** Where a command writes: people read `out`, progress goes to `err`. */
export interface Terminal {
  line(text: string): void;
  /** On a terminal a bar that replaces the last one; elsewhere a line every few seconds. */
  progress(kind: string, rows: number, share: number): void;
}

/** Often enough to see that it goes on, seldom enough for a log. */
const PROGRESS_LINE_MS = 5_000;

/** @param now milliseconds on a clock that only advances */
export function createTerminal(
  out: NodeJS.WritableStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
  now: () => number = () => performance.now(),
): Terminal {
  let shown = false;
  let linedAt = now();
  return {
    line(text) {
      if (shown) err.write('\r\u001b[2K');
      shown = false;
      out.write(`${text}\n`);
    },
    progress(kind, rows, share) {
      if (err.isTTY) {
        err.write(`\r\u001b[2K${progressBar(kind, rows, share).slice(0, (err.columns || 80) - 1)}`);
        shown = true;
      } else if (now() - linedAt >= PROGRESS_LINE_MS) {
        err.write(`${kind}: ${progressText(rows, share)}\n`);
        linedAt = now();
      }
    },
  };
}

const BAR_WIDTH = 30;

/** `follows      [=============                 ] 45 %, 22,500 rows` */
function progressBar(kind: string, rows: number, share: number): string {
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}`;
  return `${kind.padEnd(12)} [${bar}] ${progressText(rows, share)}`;
}

function progressText(rows: number, share: number): string {
  return `${Math.floor(share * 100)} %, ${rows.toLocaleString('en')} rows`;
}

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
