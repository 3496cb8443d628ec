import { parseArgs } from 'node:util';
import type { ArgsDef, CommandDef } from 'citty';
import { UsageError } from './usage-error.js';

/**
 * Refuses options and words that the called command does not have: the parser would leave them out without a word,
 * and a mistyped option would be no option. Throws `UsageError` naming the first.
 *
 * @param words what follows the name of the program
 */
export async function checkWords(program: CommandDef, words: readonly string[]): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) return;
  let command = program;
  let name = 'nova';
  let rest = words;
  for (;;) {
    const subCommands = (await resolved(command.subCommands)) ?? {};
    const next = rest[0] === undefined ? undefined : await resolved(subCommands[rest[0]]);
    if (next === undefined) break;
    name += ` ${rest[0]}`;
    command = next;
    rest = rest.slice(1);
  }
  // A group of commands: whoever asks for one that there is not is told so by the parser.
  if (command.subCommands !== undefined) return;
  checkLeaf(name, (await resolved(command.args)) ?? {}, rest);
}

function checkLeaf(name: string, args: ArgsDef, words: readonly string[]): void {
  const hint = `"${name} --help" tells what it takes`;
  const options = Object.fromEntries(
    Object.entries(args)
      .filter(([, arg]) => arg.type !== 'positional')
      .map(([option, arg]) => [option, { type: arg.type === 'boolean' ? ('boolean' as const) : ('string' as const) }]),
  );
  let places = Object.values(args).filter((arg) => arg.type === 'positional').length;
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option') {
      const option = options[token.name];
      if (option === undefined) throw new UsageError(`${name} has no option ${token.rawName}; ${hint}`);
      if (option.type === 'string' && !token.value) throw new UsageError(`${token.rawName} needs a value; ${hint}`);
    } else if (token.kind === 'positional') {
      places -= 1;
      if (places < 0) throw new UsageError(`${name} does not take "${token.value}"; ${hint}`);
    }
  }
}

/** citty takes values, promises and functions that give either. */
async function resolved<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>) | undefined): Promise<T | undefined> {
  return value instanceof Function ? await value() : await value;
}
