import type { Migration } from './discover.js';
import { lintRules } from './lint-rules.js';

export interface LintFinding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const NAME = /([\w."]+)/.source;
const NEW_TABLE = new RegExp(`^create\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}`);
const ALTER_TABLE = new RegExp(`^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${NAME}`);
const OTHER_TARGET = new RegExp(
  `^(?:update|delete\\s+from|truncate(?:\\s+table)?|create\\s+(?:unique\\s+)?index\\s.*?\\bon)\\s+(?:only\\s+)?${NAME}`,
  's',
);

/**
 * Finds what would lock or rewrite a table that is in use, or break the previous version beside which it runs (D14,
 * I13). It reads statements, not the catalogue: PL/pgSQL bodies and dynamic SQL are not seen.
 *
 * A statement is excused by a comment before or inside it: `-- lint-allow: <rule>: <reason>`.
 */
export function lintMigration(migration: Migration): LintFinding[] {
  const findings: LintFinding[] = [];
  const made = new Set<string>();
  const notValid = new Set<string>();
  for (const { code, text, offset } of migration.statements) {
    const plain = code.trim().toLowerCase();
    const report = (rule: string, message: string): void => {
      if (new RegExp(`--[ \\t]*lint-allow:[ \\t]*${rule}:[ \\t]*\\S`).test(text)) return;
      const start = offset + code.length - code.trimStart().length;
      findings.push({ rule, file: migration.file, line: migration.sql.slice(0, start).split('\n').length, message });
    };
    const created = NEW_TABLE.exec(plain)?.[1];
    if (created !== undefined) made.add(tableName(created));
    const altered = ALTER_TABLE.exec(plain);
    const target = tableName((altered ?? OTHER_TARGET.exec(plain))?.[1] ?? '');
    const clauses = altered === null ? [plain] : splitAtCommas(plain.slice(altered[0].length));
    for (const { name, message, breaks, freeOnNewTables, freeInContract } of lintRules) {
      if (freeOnNewTables && made.has(target)) continue;
      if (freeInContract && migration.phase === 'contract') continue;
      if (clauses.some(breaks)) report(name, message);
    }
    if (clauses.some((clause) => /\bnot\s+valid\b/.test(clause))) notValid.add(target);
    if (notValid.has(target) && clauses.some((clause) => clause.startsWith('validate constraint'))) {
      report('validate-apart', 'keeps the lock of ADD CONSTRAINT while it reads the table: validate in a later file');
    }
  }
  return findings;
}

/** Without quotes and schema: everything is in `nova`. */
function tableName(written: string): string {
  return written.replaceAll('"', '').replace(/^nova\./, '');
}

/** The parts between commas outside parentheses, trimmed, spaces made single. */
function splitAtCommas(actions: string): string[] {
  let depth = 0;
  let part = '';
  const parts: string[] = [];
  for (const char of actions) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part].map((action) => action.trim().replace(/\s+/g, ' '));
}
