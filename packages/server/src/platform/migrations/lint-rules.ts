/** Reads one clause: an action of ALTER TABLE, or any other statement; lower case, without comments and strings. */
export interface LintRule {
  readonly name: string;
  readonly breaks: (clause: string) => boolean;
  readonly message: string;
  /** Harmless on a table that the same file makes: it is empty, and nobody else knows it. */
  readonly freeOnNewTables: boolean;
  /** Harmless in the contract phase, when no process of the previous version runs any more. */
  readonly freeInContract: boolean;
}

const ADD_COLUMN = /^add\s+(column\s+)?(?!(constraint|check|foreign|unique|primary|exclude)\b)/;
const ADD_CONSTRAINT = /^add\s+(constraint\s+\S+\s+)?/.source;

/** Values that differ from row to row; of the functions those that are known not to be stable. */
const VALUE_PER_ROW =
  /\bgenerated\s+always\s+as\s*\(|\bas\s+identity\b|\b(big|small)?serial\b|\bdefault\s+\(*\s*(gen_random_uuid|random|clock_timestamp|timeofday|nextval|uuid\w*)\s*\(/;

const rule = (
  name: string,
  breaks: LintRule['breaks'],
  message: string,
  free: { readonly onNewTables?: boolean; readonly inContract?: boolean } = {},
): LintRule => ({
  name,
  breaks,
  message,
  freeOnNewTables: free.onNewTables ?? true,
  freeInContract: free.inContract ?? false,
});

const matches = (pattern: RegExp) => (clause: string) => pattern.test(clause);

/** What PostgreSQL does under which lock: manual, ALTER TABLE and 13.3 Explicit Locking. */
export const lintRules: readonly LintRule[] = [
  rule(
    'create-index-concurrently',
    // ON ONLY makes the index of a partitioned root: that reads no row.
    matches(/^create\s+(unique\s+)?index\s+(?!concurrently\b)(?!.*\bon\s+only\b)/s),
    'blocks writes while it reads the whole table: CREATE INDEX CONCURRENTLY in a no-transaction file',
  ),
  rule(
    'add-not-null-with-default',
    (clause) => ADD_COLUMN.test(clause) && /\bnot\s+null\b/.test(clause) && !/\b(default|generated)\b/.test(clause),
    'fails on a table with rows: give it a default, or add it nullable first',
  ),
  rule(
    'add-column-without-rewrite',
    (clause) => ADD_COLUMN.test(clause) && VALUE_PER_ROW.test(clause),
    'rewrites the table, because each row gets a value of its own: add it nullable, then fill in batches',
  ),
  rule(
    'alter-type-without-rewrite',
    matches(/^alter\s+(column\s+)?\S+\s+(set\s+data\s+)?type\b/),
    'rewrites the table under an exclusive lock: add a column of the new type',
  ),
  rule(
    'set-not-null-by-constraint',
    matches(/^alter\s+(column\s+)?\S+\s+set\s+not\s+null\b/),
    'reads the whole table under an exclusive lock: validate CHECK (.. IS NOT NULL) NOT VALID first',
  ),
  rule(
    'constraint-not-valid',
    matches(new RegExp(`${ADD_CONSTRAINT}(foreign\\s+key|check)\\b(?!.*\\bnot\\s+valid\\b)`, 's')),
    'reads the whole table under a lock: add it NOT VALID, and VALIDATE it in a later file',
  ),
  rule(
    'constraint-using-index',
    matches(new RegExp(`${ADD_CONSTRAINT}(unique|primary\\s+key|exclude)\\b(?!\\s+using\\s+index\\b)`)),
    'builds the index under an exclusive lock: make it concurrently, then ADD CONSTRAINT .. USING INDEX',
  ),
  rule(
    'no-rewrite',
    matches(
      /^(vacuum\s+full\b|vacuum\s*\([^)]*\bfull\b|cluster\b|lock\b|truncate\b|reindex\s+(?!.*\bconcurrently\b)|refresh\s+materialized\s+view\s+(?!concurrently\b)|set\s+(logged|unlogged|tablespace|access\s+method)\b)/s,
    ),
    'holds an exclusive lock for as long as the table is large',
  ),
  rule(
    'update-in-batches',
    matches(/^(update|delete\s+from)\s+(?!.*\bwhere\b)/s),
    'changes every row in one transaction: fill in batches, outside the migration',
  ),
  rule(
    'keep-for-previous-version',
    matches(
      /^(drop\s+(table|view|function|type|sequence)\b|drop\s+(column\s+)?(?!(constraint|table|view|function|type|sequence|index|policy|trigger|column)\b)|rename\b)/,
    ),
    'the previous version still uses it: put it into a file of phase contract',
    { inContract: true },
  ),
  rule(
    'drop-index-concurrently',
    matches(/^drop\s+index\s+(?!concurrently\b)/),
    'waits for and blocks everything on the table: DROP INDEX CONCURRENTLY in a no-transaction file',
    { onNewTables: false },
  ),
  rule(
    'repeatable-drop-index',
    matches(/^drop\s+index\s+concurrently\s+(?!if\s+exists\b)/),
    'a no-transaction file may run again after a crash: DROP INDEX CONCURRENTLY IF EXISTS',
    { onNewTables: false },
  ),
];
