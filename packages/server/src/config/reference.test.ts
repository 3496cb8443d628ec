import { describe, expect, it } from 'vitest';
import { renderConfigurationReference } from './reference.js';
import { SETTINGS, settingsOf } from './schema.js';

describe('renderConfigurationReference', () => {
  const reference = renderConfigurationReference();

  it('has one row for each setting', () => {
    for (const [path, setting] of settingsOf(SETTINGS)) {
      const rows = reference.split('\n').filter((line) => line.startsWith(`| \`${setting.env}\` | \`${path}\` |`));
      expect(rows, path).toHaveLength(1);
      expect(rows[0]).toContain(setting.description);
    }
    expect(reference).toContain(
      '| `NOVA_HTTP_REQUEST_TIMEOUT_MS` | `http.requestTimeoutMs` | duration, 1ms to 1m | `1800ms` |',
    );
  });

  it('is the same each time, and ends with one newline', () => {
    expect(renderConfigurationReference()).toBe(reference);
    expect(reference).toMatch(/[^\n]\n$/);
  });
});
