import { batches } from './batches.js';
import type { Community, Progress, StoreRows } from './community.js';
import type { ImportReport } from './import-report.js';

/** Rows per transaction: a second's work at the most, so that an interrupted import loses little and locks little. */
const BATCH_ROWS = 2_000;

/** Stores rows batch by batch, each batch one transaction, and accounts for them. */
export async function storeBatches<Row>(
  community: Pick<Community, 'transaction'>,
  report: ImportReport,
  kind: string,
  rows: AsyncIterable<Row> | Iterable<Row>,
  store: StoreRows<Row>,
  progress: Progress,
  total: number | null = null,
): Promise<void> {
  let done = 0;
  for await (const batch of batches(rows, BATCH_ROWS)) {
    const written = await community.transaction((tx) => store(tx, batch));
    report.stored(kind, batch.length, written);
    done += batch.length;
    progress(kind, done, total);
  }
}
