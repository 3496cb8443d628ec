import type { TSchema } from 'typebox';

/** Turns the text of a parameter into a value; the text itself when it cannot, for the schema to refuse. */
export type Coercion = (text: string) => unknown;

interface SchemaShape {
  readonly type?: unknown;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
}

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * How texts become values of a schema, `null` when they stay as they are. Own rules rather than typebox's
 * `Value.Convert`, which takes `1.5` for the integer 1 and `''` for 0: a parameter is what it says or it is refused.
 */
export function coercionOf(schema: TSchema): Coercion | null {
  const { type, items, anyOf } = schema as SchemaShape;
  switch (type) {
    case 'integer':
      return (text) => (INTEGER.test(text) ? Number(text) : text);
    case 'number':
      return (text) => (NUMBER.test(text) ? Number(text) : text);
    case 'boolean':
      return (text) => (text === 'true' ? true : text === 'false' ? false : text);
    case 'array':
      return listOf(items);
    default:
      return anyOf === undefined ? null : ofAlternatives(anyOf);
  }
}

/** `ids=a,b,c`: OpenAPI's style form without explode, as a name may be given once only. */
function listOf(items: TSchema | undefined): Coercion {
  const inner = items === undefined ? null : coercionOf(items);
  return (text) => {
    if (text === '') return [];
    const parts = text.split(',');
    return inner === null ? parts : parts.map(inner);
  };
}

/** The first alternative that makes something else of the text. */
function ofAlternatives(alternatives: readonly TSchema[]): Coercion | null {
  const coercions = alternatives.map(coercionOf).filter((coercion) => coercion !== null);
  if (coercions.length === 0) return null;
  return (text) => {
    for (const coercion of coercions) {
      const value = coercion(text);
      if (value !== text) return value;
    }
    return text;
  };
}
