import type { Community, LeftOutReason, StoreRows } from './community.js';
import type { ImportReport, Place } from './import-report.js';

/** What a line of the source becomes: one or more rows, which are stored together and count as one. */
export interface Entry<Row> extends Place {
  readonly rows: readonly Row[];
}

/** Stores entries in one transaction, and accounts for them once it is committed. Answers why each was left out. */
export async function storeBatch<Row>(
  { transaction }: Pick<Community, 'transaction'>,
  report: ImportReport,
  kind: string,
  entries: readonly Entry<Row>[],
  store: StoreRows<Row>,
): Promise<(LeftOutReason | undefined)[]> {
  const rows = entries.flatMap((entry) => entry.rows);
  const leftOut = await transaction((tx) => store(tx, rows));
  const reasons = new Map(leftOut.map(({ index, reason }) => [index, reason]));
  let next = 0;
  return entries.map((entry) => {
    const reason = reasonOf(entry.rows.map(() => reasons.get(next++)));
    report.settle(kind, entry, reason);
    return reason;
  });
}

/** An entry is written when any of its rows is, and refused rather than known. */
function reasonOf(reasons: readonly (LeftOutReason | undefined)[]): LeftOutReason | undefined {
  if (reasons.includes(undefined)) return undefined;
  return reasons.find((reason) => reason !== 'known') ?? 'known';
}
