import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseReader } from './response-reader.js';

const sized = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world';
const chunked =
  'HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\n\r\n';
const empty = 'HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n';

describe('ResponseReader', () => {
  it.each([
    [sized, 200, 'hello world'],
    [chunked, 503, 'hello world'],
    [empty, 204, ''],
  ])('reads an answer however it is cut up, with its last byte: %s', (text, status, body) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 })), (cuts) => {
        const reader = new ResponseReader();
        const ends = [...cuts.sort((a, b) => a - b), text.length];
        for (const [index, end] of ends.entries()) {
          const answer = reader.push(Buffer.from(text.slice(ends[index - 1] ?? 0, end)));
          if (end < text.length) expect(answer).toBeUndefined();
          else expect({ ...answer, body: answer?.body.toString() }).toMatchObject({ status, body });
        }
      }),
    );
  });

  it('reads the next answer of the connection', () => {
    const reader = new ResponseReader();
    for (const text of [sized, empty, chunked, sized]) expect(reader.push(Buffer.from(text))).toBeDefined();
  });

  it.each([
    ['another protocol', 'SMTP ready\r\n\r\n'],
    ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['no framing', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['more than was announced', `${sized}!`],
  ])('refuses %s', (_what, text) => {
    expect(() => new ResponseReader().push(Buffer.from(text))).toThrow();
  });
});
