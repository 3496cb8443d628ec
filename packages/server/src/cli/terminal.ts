/** Where a command writes: people read `out`, a terminal shows progress on `err`. */
export interface Terminal {
  line(text: string): void;
  /** Replaces the last progress text; nothing when output is not a terminal. */
  progress(text: string): void;
  endProgress(): void;
}

export function createTerminal(
  out: NodeJS.WritableStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
): Terminal {
  let shown = false;
  const clear = () => {
    if (shown) err.write('\r\u001b[2K');
    shown = false;
  };
  return {
    line(text) {
      clear();
      out.write(`${text}\n`);
    },
    progress(text) {
      if (!err.isTTY) return;
      err.write(`\r\u001b[2K${text.slice(0, (err.columns || 80) - 1)}`);
      shown = true;
    },
    endProgress: clear,
  };
}

const BAR_WIDTH = 30;

/** `follows  [=========>          ]  45 %  22,500 of 50,000`; without a total, the count alone. */
export function progressText(kind: string, done: number, total: number | null): string {
  const count = done.toLocaleString('en');
  if (total === null || total === 0) return `${kind.padEnd(12)} ${count}`;
  const share = Math.min(done / total, 1);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}`;
  return `${kind.padEnd(12)} [${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${count} of ${total.toLocaleString('en')}`;
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
