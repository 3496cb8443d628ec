/**
 * Prints one line, `N passed, N failed`, over the JSON reports given as arguments. A file of tests that could not be
 * loaded counts as one failed test. Exits with 1 when a report is missing, a test failed or a report holds no test.
 */
import { existsSync, readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
let skipped = 0;
let complete = true;

for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    console.error(`no report at ${path}: the run did not get as far as its end`);
    complete = false;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    if (file.status !== 'failed') continue;
    const failures = file.assertionResults.filter(
      (/** @type {{ status: string }} */ { status }) => status === 'failed',
    );
    if (failures.length === 0) failed += 1;
    console.error(`failed: ${file.name}${file.message ? `: ${file.message}` : ''}`);
    for (const { fullName } of failures) console.error(`  ${fullName}`);
  }
  if (report.numPassedTests + report.numFailedTests === 0) {
    console.error(`${path} holds no executed test`);
    complete = false;
  }
}

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = complete && failed === 0 && passed > 0 ? 0 : 1;
