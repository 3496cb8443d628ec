import type { ImportReport } from '../imports/index.js';
import { table } from './terminal.js';

/** What an import did, for a person: a row a kind, then the refused rows with their reasons. */
export function importSummary(report: ImportReport, seconds: number): string {
  const number = (value: number) => value.toLocaleString('en');
  const rows = [...report.kinds].map(([kind, counts]) => [
    kind,
    number(counts.read),
    number(counts.written),
    number(counts.known),
    number(counts.refused),
  ]);
  const lines = [table([['', 'read', 'written', 'known', 'refused'], ...rows]), `in ${seconds.toFixed(1)} s`];
  if (report.refusals.length > 0) {
    lines.push('', 'Refused:');
    lines.push(...report.refusals.map(({ file, line, reason }) => `  ${file}:${line}  ${reason}`));
    if (report.untold > 0) lines.push(`  and ${number(report.untold)} more`);
  }
  return lines.join('\n');
}
