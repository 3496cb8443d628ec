import { batches } from './batches.js';
import type { Community, LeftOutReason, StoreRows } from './community.js';
import type { ImportReport } from './import-report.js';
import { type Entry, storeBatch } from './store-batch.js';

/** Entries per transaction: a second's work at the most, so that an interrupted import loses little and locks little. */
export const BATCH_ENTRIES = 2_000;

/**
 * Stores entries batch by batch, each batch one transaction, and accounts for them.
 *
 * @param onBatch told after each batch how many entries are done
 * @param onEntry told why an entry was left out, or undefined, once that is certain
 */
export async function storeBatches<Row, E extends Entry<Row>>(
  community: Pick<Community, 'transaction'>,
  report: ImportReport,
  kind: string,
  entries: AsyncIterable<E> | Iterable<E>,
  store: StoreRows<Row>,
  onBatch: (done: number) => void,
  onEntry: (entry: E, leftOut: LeftOutReason | undefined) => void = () => {},
): Promise<void> {
  let done = 0;
  for await (const batch of batches(entries, BATCH_ENTRIES)) {
    const reasons = await storeBatch(community, report, kind, batch, store);
    for (const [index, entry] of batch.entries()) onEntry(entry, reasons[index]);
    done += batch.length;
    onBatch(done);
  }
}
