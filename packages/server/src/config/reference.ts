import { SETTINGS, settingsOf } from './schema.js';
import type { Setting } from './setting.js';

const INTRODUCTION = `# Configuration

Generated from the table of settings; do not edit.

Nova is configured by environment variables alone, and every one of them has a default: with none set, it starts
with an embedded PostgreSQL. All problems are listed at once at start, and an unknown \`NOVA_*\` name is one of them.
A variable that is set to nothing counts as not set.

- Durations are milliseconds, or a number with a unit: \`250ms\`, \`1.5s\`, \`20m\`, \`1h\`, \`30d\`.
- Sizes are bytes, or a number with a unit: \`512B\`, \`256KiB\`, \`64MiB\`, \`1GiB\`.
- Booleans are \`true\` or \`false\` (also \`1\`/\`0\`, \`yes\`/\`no\`, \`on\`/\`off\`).
- Lists are separated by commas.
- Secrets are never printed: not in logs, not in errors.
`;

/** Renders docs/configuration.md from the table of settings, one section a group. Ends with a newline. */
export function renderConfigurationReference(): string {
  const sections = new Map<string, string[]>();
  for (const [path, setting] of settingsOf(SETTINGS)) {
    const group = path.includes('.') ? path.slice(0, path.indexOf('.')) : 'general';
    const rows = sections.get(group) ?? [];
    rows.push(renderRow(path, setting));
    sections.set(group, rows);
  }
  const tables = Array.from(sections, ([group, rows]) =>
    [`## ${group}`, '', '| Variable | Setting | Type | Default | Meaning |', '|---|---|---|---|---|', ...rows, ''].join(
      '\n',
    ),
  );
  return [INTRODUCTION, ...tables].join('\n');
}

function renderRow(path: string, setting: Setting<unknown>): string {
  const { fallbackText, inProduction } = setting;
  const inDevelopment = fallbackText === '' ? '' : `\`${fallbackText}\``;
  const fallback =
    inProduction === undefined ? inDevelopment : `${inDevelopment}; \`${inProduction.fallbackText}\` in production`;
  const cells = [`\`${setting.env}\``, `\`${path}\``, setting.type, fallback, setting.description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
