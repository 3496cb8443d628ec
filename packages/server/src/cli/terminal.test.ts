import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from './terminal.js';

function terminalOn(streams: { isTTY: boolean; columns?: number }) {
  const out = new PassThrough({ encoding: 'utf8' });
  const err = Object.assign(new PassThrough({ encoding: 'utf8' }), streams) as PassThrough & NodeJS.WriteStream;
  const clock = { ms: 0 };
  const terminal = createTerminal(out, err, () => clock.ms);
  const written = (stream: PassThrough): string => stream.read() ?? '';
  return { terminal, clock, out: () => written(out), err: () => written(err) };
}

describe('progress', () => {
  it('is a bar that gives way to the next one on a terminal', () => {
    const { terminal, out, err } = terminalOn({ isTTY: true, columns: 100 });
    terminal.progress('follows', 22_500, 0.5);
    expect(err()).toBe(`\r\u001b[2Kfollows      [${'='.repeat(15)}${' '.repeat(15)}] 50 %, 22,500 rows`);
    terminal.progress('follows', 45_000, 1);
    expect(err()).toBe(`\r\u001b[2Kfollows      [${'='.repeat(30)}] 100 %, 45,000 rows`);
    terminal.line('done');
    expect(err()).toBe('\r\u001b[2K');
    expect(out()).toBe('done\n');
  });

  it('never wraps', () => {
    const { terminal, err } = terminalOn({ isTTY: true, columns: 40 });
    terminal.progress('follows', 22_500, 0.5);
    expect(err()).toHaveLength('\r\u001b[2K'.length + 39);
  });

  it('is a line every few seconds elsewhere, and none for what is quick', () => {
    const { terminal, clock, err } = terminalOn({ isTTY: false });
    for (clock.ms = 0; clock.ms < 12_000; clock.ms += 100) terminal.progress('posts', clock.ms, clock.ms / 20_000);
    expect(err()).toBe('posts: 25 %, 5,000 rows\nposts: 50 %, 10,000 rows\n');
    terminal.line('done');
    expect(err()).toBe('');
  });
});
