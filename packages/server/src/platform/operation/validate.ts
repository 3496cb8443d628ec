import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Problem, platformErrors } from '../errors/index.js';

/** At most this many problems are told: the first ones are what a person reads. */
const MAX_PROBLEMS = 20;
/** Of values whose schema leaves them open: a body of 256 KB has room for more levels than the stack has. */
const MAX_DEPTH = 50;

export type Check<S extends TSchema> = (value: unknown) => Static<S>;

/**
 * Compiles a schema into a function that returns the value it is given, or throws `invalid_request` with
 * the path and the reason of each problem. Strings that PostgreSQL cannot store (NUL, lone surrogates) are
 * problems too, so that no operation meets them.
 */
export function compileCheck<S extends TSchema>(schema: S): Check<S> {
  const validator = Compile(schema);
  return (value) => {
    if (!validator.Check(value))
      throw platformErrors.invalid_request({ problems: problemsOf(validator.Errors(value)) });
    const unstorable = findUnstorableText(value, '', 0);
    if (unstorable !== null) throw platformErrors.invalid_request({ problems: [shorten(unstorable)] });
    return value as Static<S>;
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/**
 * TypeBox tells of eight errors at the most. An unknown field is two of them: one at the field, whose schema is
 * `false`, and one at its object with all names, which is passed over; so is that of a union, whose members speak.
 */
function problemsOf(errors: readonly SchemaError[]): Problem[] {
  const problems: Problem[] = [];
  const choices = new Map<string, unknown[]>();
  for (const { keyword, instancePath, params, message } of errors) {
    const path = dotted(instancePath);
    if (keyword === 'boolean') {
      problems.push({ path, reason: 'is not a field here' });
    } else if (keyword === 'required') {
      const { requiredProperties = [] } = params as { requiredProperties?: readonly string[] };
      for (const name of requiredProperties) problems.push({ path: join(path, name), reason: 'is required' });
    } else if (keyword === 'const') {
      const { allowedValue } = params as { allowedValue: unknown };
      choices.set(path, [...(choices.get(path) ?? []), allowedValue]);
    } else if (keyword !== 'additionalProperties' && keyword !== 'anyOf') {
      problems.push({ path, reason: message });
    }
  }
  for (const [path, values] of choices) problems.push({ path, reason: `must be ${values.join(' or ')}` });
  return problems.slice(0, MAX_PROBLEMS).map(shorten);
}

/** `/inner/tags/1` -> `inner.tags.1`; `~1` and `~0` are JSON Pointer's escapes of `/` and `~`. */
function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A caller may send a field name of any length; the answer stays short. */
function shorten(problem: Problem): Problem {
  return problem.path.length <= 200 ? problem : { ...problem, path: `${problem.path.slice(0, 200)}…` };
}

function findUnstorableText(value: unknown, path: string, depth: number): Problem | null {
  if (typeof value === 'string') {
    if (value.includes('\0')) return { path, reason: 'must not contain the NUL character' };
    if (!value.isWellFormed()) return { path, reason: 'must be well-formed Unicode' };
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) return { path, reason: 'must not be nested so deeply' };
  for (const [name, inner] of Object.entries(value)) {
    const problem = findUnstorableText(inner, join(path, name), depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
