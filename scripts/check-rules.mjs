/**
 * The rules of this repository that neither the compiler, Biome nor dependency-cruiser can express. Each rule looks at
 * one file and yields findings; an error fails the run, a warning is only printed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * @typedef {{ path: string, text: string }} SourceFile path relative to the root, with forward slashes
 * @typedef {{ line: number, message: string, level?: 'error' | 'warning' }} Finding
 * @typedef {(file: SourceFile) => Finding[]} Rule
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const MAX_LINES = 400;
const TEXT =
  /\.(ts|mts|cts|js|mjs|cjs|json|md|sql|sh|yml|yaml|graphql|toml|html|css|tsx|jsx)$|(^|\/)(\.ci\/run|\.npmrc|Dockerfile)$/;
const TEST = /\.test\.ts$|\/src\/testing\//;

/** This file spells out the patterns it forbids. */
const SELF = 'scripts/check-rules.mjs';

/** @param {string} text @param {RegExp} pattern with the g flag @param {(match: string) => string} message */
function matches(text, pattern, message) {
  return [...text.matchAll(pattern)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    message: message(match[0].trim()),
  }));
}

const SQL_ALLOWED =
  /(^|\/)(queries|[a-z0-9-]+-queries|[a-z0-9-]+-sql)\.ts$|\/queries\/|\/platform\/(postgres|migrations)\/|\.test\.ts$|\/src\/testing\//;

/** Starts of statements; prose that begins with the same verb does not go on like this. */
const SQL = [
  /^\s*select\b[\s\S]*\bfrom\s+["\w]/i,
  /^\s*select\s+(\d|[\w.]+\s*\(|\$\d)/i,
  /\binsert\s+into\s+["\w]/i,
  /^\s*update\s+(only\s+)?["\w.]+(\s+(as\s+)?\w+)?\s+set\s/i,
  /^\s*delete\s+from\s+["\w.]+\s*($|;|(as\s+)?\w*\s*(where|using|returning)\b)/i,
  /^\s*with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s+(not\s+)?(materialized\s+)?\(/i,
  /^\s*(create|alter|drop)\s+(or\s+replace\s+)?(unique\s+)?(table|index|role|user|schema|function|policy|view|materialized|type|extension|database|sequence|trigger)\s+["\w]/i,
  /^\s*truncate\s+(table\s+)?["\w]+\s*(;|,|cascade|$)/i,
  /^\s*copy\s+[\s\S]*\b(from|to)\s+std(in|out)\b/i,
  /^\s*(grant|revoke)\s+[\s\S]*\b(to|from)\s+["\w]/i,
  /^\s*(listen|unlisten|notify)\s+["\w*]+\s*;?$/i,
];

/** What the database handle itself says around the queries of others; allowed in platform/db only. */
const TRANSACTION_CONTROL = [
  /^\s*(set|reset)\s+(local|session|role)\s/i,
  /^\s*(begin|commit|rollback|savepoint|release)(\s*;.*|\s+(transaction|work|isolation|to|savepoint).*)$/i,
];

/** @type {Rule} */
function sqlOnlyInQueries({ path, text }) {
  if (!/^packages\/server\/src\/.*\.ts$/.test(path) || SQL_ALLOWED.test(path)) return [];
  const forbidden = path.includes('/platform/db/') ? SQL : [...SQL, ...TRANSACTION_CONTROL];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Finding[]} */
  const findings = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const literal =
      ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? node.head.text + node.templateSpans.map((span) => `x${span.literal.text}`).join('')
          : undefined;
    const plain = literal?.replace(/--.*$/gm, '');
    if (plain !== undefined && forbidden.some((pattern) => pattern.test(plain))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      findings.push({
        line: line + 1,
        message: 'SQL outside queries.ts, queries/, *-queries.ts, *-sql.ts and migrations',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

/** @type {Rule} */
function environmentOnlyInConfig({ path, text }) {
  if (!/^packages\/server\/src\/.*\.ts$/.test(path) || TEST.test(path) || path.endsWith('/config/env.ts')) return [];
  return matches(
    text,
    /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\[['"]env['"]\]|\{[^}]*\benv\b[^}]*\}\s*(=\s*process\b|from\s+['"](node:)?process['"])/g,
    (match) => `${match}: the environment is read in config/env.ts only`,
  );
}

/** Tests may invent a home directory; sources and documents have no reason to. @type {Rule} */
function noMachinePath({ path, text }) {
  if (path === 'package-lock.json') return [];
  const roots = TEST.test(path)
    ? 'work|workspace|root|private|Users'
    : 'work|workspace|root|private|Users|home/[a-z][\\w-]*';
  return matches(
    text,
    new RegExp(`(?<![\\w.~/-])/(${roots})/[\\w.-]+|\\b[A-Z]:\\\\[\\w\\\\.-]+`, 'g'),
    (match) => `${match}: an absolute path of one machine`,
  );
}

/** @type {Rule} */
function noRegistryHost({ path, text }) {
  const inLock = path === 'package-lock.json';
  const pattern = inLock
    ? /"resolved": "(?!packages\/)[^"]*"/g
    : /https?:\/\/(registry|npm|nexus|artifactory)\.[\w.-]+/g;
  return matches(text, pattern, (match) => `${match}: a registry address ties the clone to one network`);
}

/** @type {Rule} */
function noSecret({ path, text }) {
  if (TEST.test(path)) return [];
  return matches(text, /-----BEGIN [A-Z ]*PRIVATE KEY-----/g, () => 'a private key');
}

/** @type {Rule} */
function reasonedToDo({ path, text }) {
  if (/\.(md|json)$/.test(path)) return [];
  return matches(
    text,
    /\b(TODO|FIXME|XXX|HACK)\b(?!: \S.{15,})/g,
    (match) => `${match} without a reason: write "${match}: what is missing and why it may wait"`,
  );
}

/** @type {Rule} */
function reasonedSuppression({ text }) {
  return matches(
    text,
    /@ts-(ignore|nocheck)\b|@ts-expect-error\b(?![^\n]{10,})|biome-ignore[^\n:]*(:[ \t]*)?(<[^>\n]*>)?[ \t]*$/gm,
    (match) => `${match}: say why, or repair the cause`,
  );
}

/** @type {Rule} */
function tellingName({ path }) {
  const vague = path
    .split(/[/._-]/)
    .find((word) => /^(utils?|helpers?|manager|managers|misc|common|stuff)$/i.test(word));
  return vague ? [{ line: 1, message: `"${vague}" says nothing: name the file for what it does` }] : [];
}

/** Biome counts the lines of the languages it knows; this covers the rest. @type {Rule} */
function shortFile({ path, text }) {
  const lines = text.split('\n').length - 1;
  if (!/\.(sql|sh)$|^\.ci\//.test(path) || path.startsWith('generated/') || lines <= MAX_LINES) return [];
  return [{ line: MAX_LINES, message: `${lines} lines: split the file`, level: 'warning' }];
}

/** @type {Rule[]} */
const rules = [
  sqlOnlyInQueries,
  environmentOnlyInConfig,
  noMachinePath,
  noRegistryHost,
  noSecret,
  reasonedToDo,
  reasonedSuppression,
  tellingName,
  shortFile,
];

const listed = execFileSync(
  'git',
  ['-c', `safe.directory=${root.replace(/.$/, '')}`, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  },
);
const paths = listed.split('\0').filter((path) => {
  const full = join(root, path);
  return path !== SELF && TEXT.test(path) && existsSync(full) && statSync(full).isFile();
});

let errors = 0;
for (const path of paths) {
  const file = { path, text: readFileSync(join(root, path), 'utf8') };
  for (const rule of rules) {
    for (const { line, message, level = 'error' } of rule(file)) {
      if (level === 'error') errors += 1;
      console.log(`${path}:${line} ${level} ${rule.name}: ${message}`);
    }
  }
}
console.log(`${paths.length} files checked against ${rules.length} rules: ${errors} errors`);
process.exitCode = errors > 0 || paths.length === 0 ? 1 : 0;
