import type { DestinationStream } from 'pino';

const ALWAYS_SHOWN = new Set(['time', 'level', 'msg', 'service', 'processId', 'err']);

/**
 * Turns JSON lines into text for people: `21:02:18.123 INFO  message key=value`, an error's stack below. For
 * development only: it parses every line again.
 */
export function createPrettyStream(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(prettyLine(line)) };
}

function prettyLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const time = String(entry['time']).slice(11, 23);
  const level = String(entry['level']).toUpperCase().padEnd(5);
  const fields = Object.entries(entry)
    .filter(([name]) => !ALWAYS_SHOWN.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${time} ${level} ${String(entry['msg'] ?? '')}${fields.join('')}${prettyError(entry['err'])}\n`;
}

function prettyError(err: unknown): string {
  if (typeof err !== 'object' || err === null) return err === undefined ? '' : `\n  ${String(err)}`;
  const { type, message, stack } = err as Record<string, unknown>;
  const text = typeof stack === 'string' ? stack : `${String(type)}: ${String(message)}`;
  return `\n${text.replace(/^/gm, '  ')}`;
}
