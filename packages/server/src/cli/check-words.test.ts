import { defineCommand } from 'citty';
import { describe, expect, it } from 'vitest';
import { checkWords } from './check-words.js';

const program = defineCommand({
  subCommands: {
    serve: async () =>
      defineCommand({
        args: { demo: { type: 'boolean' }, port: { type: 'string' }, plan: { type: 'enum', options: ['a', 'b'] } },
      }),
    take: defineCommand({
      subCommands: { in: defineCommand({ args: { file: { type: 'positional', required: true } } }) },
    }),
  },
});

describe('the words of a command', () => {
  it.each([
    'serve',
    'serve --demo --port 1 --plan a',
    'serve --port=1',
    'serve --nope --help',
    'take in some.file',
    'take in -- --odd.file',
    // The parser tells of commands that there are not.
    'strat --nope',
    'take out',
    '',
  ])('may be "%s"', async (words) => {
    await expect(checkWords(program, words.split(' ').filter(Boolean))).resolves.toBeUndefined();
  });

  it.each([
    ['serve --prot 1', 'nova serve has no option --prot; "nova serve --help" tells what it takes'],
    ['serve -d', 'nova serve has no option -d; "nova serve --help" tells what it takes'],
    ['serve now', 'nova serve does not take "now"; "nova serve --help" tells what it takes'],
    ['serve --port', '--port needs a value; "nova serve --help" tells what it takes'],
    ['serve --port=', '--port needs a value; "nova serve --help" tells what it takes'],
    ['take in a b', 'nova take in does not take "b"; "nova take in --help" tells what it takes'],
  ])('may not be "%s"', async (words, message) => {
    await expect(checkWords(program, words.split(' '))).rejects.toThrow(message);
  });
});
