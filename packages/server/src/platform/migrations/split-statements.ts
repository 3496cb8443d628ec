/** One statement of a SQL file without its semicolon, and where it starts. */
export interface SqlStatement {
  /** As written, comments included. */
  readonly text: string;
  /** Comments and string contents replaced by blanks, so that patterns see only code. Same length as `text`. */
  readonly code: string;
  /** Offset of `text` in the file, in UTF-16 units. */
  readonly offset: number;
}

/**
 * Tokens in which a semicolon or a keyword means nothing (PostgreSQL manual, 4.1 Lexical Structure): line comments,
 * strings with escapes, strings, quoted identifiers, dollar quotes. Block comments nest and are matched apart.
 */
const OPAQUE =
  /--[^\n]*|(?<![\w$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y;

/** Splits a SQL file at its top-level semicolons. What holds nothing but comments is not a statement. */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let code = '';
  let start = 0;
  const finish = (end: number): void => {
    if (code.trim() !== '') statements.push({ text: sql.slice(start, end), code, offset: start });
    code = '';
    start = end + 1;
  };
  for (let at = 0; at < sql.length; ) {
    const opaque = opaqueAt(sql, at);
    if (opaque !== '') {
      code += blanked(opaque);
      at += opaque.length;
    } else if (sql[at] === ';') {
      finish(at);
      at += 1;
    } else {
      code += sql[at];
      at += 1;
    }
  }
  finish(sql.length);
  return statements;
}

function opaqueAt(sql: string, at: number): string {
  if (sql.startsWith('/*', at)) return sql.slice(at, blockCommentEnd(sql, at));
  OPAQUE.lastIndex = at;
  return OPAQUE.exec(sql)?.[0] ?? '';
}

function blockCommentEnd(sql: string, at: number): number {
  let depth = 0;
  for (let i = at; i < sql.length; ) {
    if (sql.startsWith('/*', i)) depth += 1;
    else if (sql.startsWith('*/', i)) depth -= 1;
    else {
      i += 1;
      continue;
    }
    i += 2;
    if (depth === 0) return i;
  }
  return sql.length;
}

/** Quoted identifiers stay, because they are names; a string leaves its quotes, because it is an operand. */
function blanked(token: string): string {
  if (token.startsWith('"')) return token;
  const blank = token.replace(/[^\n]/g, ' ');
  return token.startsWith('--') || token.startsWith('/*') ? blank : `'${blank.slice(2)}'`;
}
