import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportFormatError } from '../import-format-error.js';
import { openTable } from './open-table.js';
import { parseDate, readTable } from './read-table.js';

const HEADER = ['id', 'name'];

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'nova-import-'));
  await mkdir(path.join(dir, 'dynamic'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(path.join(dir, 'dynamic', name), text);

async function readAll() {
  const told: string[] = [];
  const table = await openTable(dir, 'dynamic/person');
  const rows = readTable(
    table,
    HEADER,
    () => {},
    ({ file, line }, reason) => told.push(`${file}:${line} ${reason}`),
  );
  const values: (readonly string[])[] = [];
  for await (const row of rows) values.push(row.values);
  return { values, told, share: table.share };
}

describe('a table', () => {
  it('is all of its parts in the order of their numbers, and no other table', async () => {
    for (const part of ['0_10', '0_2', '1_0', '0_0']) await write(`person_${part}.csv`, `id|name\n1|${part}\n`);
    await write('person_knows_person_0_0.csv', 'id|name\n1|another\n');
    await write('person_0_0.csv.bak', 'id|name\n1|kept aside\n');
    const { values, share } = await readAll();
    expect(values.map(([, name]) => name)).toEqual(['0_0', '0_2', '0_10', '1_0']);
    expect(share).toBe(1);
  });

  it('has rows that end with a line feed only, whatever else stands in them', async () => {
    const text = 'next\u2028line\u0085and\u000bmore 字 🎈';
    // Longer than what is read at a time, and cut inside a character somewhere.
    const rows = Array.from({ length: 5_000 }, (_, index) => `${index}|${text}`);
    await write('person_0_0.csv', `\ufeffid|name\r\n${rows.join('\r\n')}`);
    const { values } = await readAll();
    expect(values).toEqual(rows.map((_, index) => [String(index), text]));
  });

  it('refuses rows that cannot be right, by file and line', async () => {
    await write('person_0_0.csv', 'id|name\n1|a\n2\n\n3|b\0\n4|c|d\n');
    await write('person_0_1.csv', 'id|name\n5\n');
    expect(await readAll()).toMatchObject({
      values: [['1', 'a']],
      told: [
        'dynamic/person_0_0.csv:3 1 values instead of 2',
        'dynamic/person_0_0.csv:5 holds a NUL character, which the database cannot',
        'dynamic/person_0_0.csv:6 3 values instead of 2',
        'dynamic/person_0_1.csv:2 1 values instead of 2',
      ],
    });
  });

  it.each([
    ['a part that is missing', [], /^dynamic\/person_0_0\.csv is missing in /],
    ['a part that is empty', ['id|name\n1|a\n', ''], /^dynamic\/person_0_1\.csv is empty$/],
    [
      'another header',
      ['id|name\n', 'a,b\n1,2\n'],
      /^dynamic\/person_0_1\.csv starts with "a,b", not with "id\|name"$/,
    ],
  ])('is refused as a whole for %s', async (_what, parts, reason) => {
    for (const [index, text] of parts.entries()) await write(`person_0_${index}.csv`, text);
    const failure = readAll();
    await expect(failure).rejects.toThrow(reason);
    await expect(failure).rejects.toBeInstanceOf(ImportFormatError);
  });
});

describe('a date', () => {
  it('is read to the millisecond', () => {
    expect(parseDate('2010-06-27T23:36:57.962+0000')).toBe(Date.UTC(2010, 5, 27, 23, 36, 57, 962));
    expect(parseDate('2012-02-29T00:00:00.000+0000')).toBe(Date.UTC(2012, 1, 29));
    expect(parseDate('1970-01-01T00:00:00.000+0000')).toBe(0);
  });

  it.each([
    '2010-02-31T10:20:30.456+0000',
    '2011-02-29T10:20:30.456+0000',
    '2010-06-27T24:00:00.000+0000',
    '1969-12-31T23:59:59.999+0000',
    '2010-06-27T23:36:57.962+0100',
    '2010-06-27T23:36:57+0000',
    '2010-06-27',
    '',
  ])('is none: %s', (text) => {
    expect(parseDate(text)).toBeNull();
  });
});
