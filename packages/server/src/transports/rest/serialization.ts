import type { TSchema } from 'typebox';

/** A schema for fast-json-stringify: what to write, not what is valid. */
export interface SerializationSchema {
  readonly [keyword: string]: unknown;
}

interface SchemaShape {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | TSchema;
  readonly items?: TSchema;
}

/**
 * The output schema of an operation as the serialiser is best served. Fields that are not declared are not
 * written. Unions with null, which fast-json-stringify would try one after the other with ajv, become `nullable`;
 * formats, patterns and limits go, as nothing is checked (and texts with a format are not escaped there).
 *
 * @param nullableFields top-level fields that may be null whatever the schema says: secrets in a replayed answer
 */
export function serializationOf(schema: TSchema, nullableFields: readonly string[] = []): SerializationSchema {
  const { properties, ...rest } = forSerializer(schema) as { properties?: Record<string, SerializationSchema> };
  if (properties === undefined) return rest;
  for (const name of nullableFields) {
    const field = properties[name];
    if (field !== undefined) properties[name] = { ...field, nullable: true };
  }
  return { ...rest, properties };
}

function forSerializer(schema: TSchema): SerializationSchema {
  const shape = schema as SchemaShape;
  if (shape.anyOf !== undefined) return ofUnion(shape.anyOf);
  if (shape.const !== undefined) return ofValues([shape.const]);
  if (shape.enum !== undefined) return ofValues(shape.enum);
  switch (shape.type) {
    case 'object':
      return ofObject(shape);
    case 'array':
      return { type: 'array', ...(shape.items === undefined ? {} : { items: forSerializer(shape.items) }) };
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'null':
      return { type: shape.type };
    default:
      // Without a type anything goes, and is written as JSON.stringify would.
      return {};
  }
}

function ofObject({ properties, patternProperties, required, additionalProperties }: SchemaShape): SerializationSchema {
  return {
    type: 'object',
    ...(properties === undefined ? {} : { properties: ofEach(properties) }),
    ...(patternProperties === undefined ? {} : { patternProperties: ofEach(patternProperties) }),
    ...(required === undefined ? {} : { required }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: forSerializer(additionalProperties) } : {}),
    ...(additionalProperties === true ? { additionalProperties: true } : {}),
  };
}

function ofEach(schemas: Readonly<Record<string, TSchema>>): Record<string, SerializationSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, forSerializer(schema)]));
}

function ofUnion(alternatives: readonly TSchema[]): SerializationSchema {
  const others = alternatives.filter((schema) => (schema as SchemaShape).type !== 'null');
  const nullable = others.length < alternatives.length;
  const [only] = others;
  if (only === undefined) return { type: 'null' };
  if (others.length === 1) return { ...forSerializer(only), ...(nullable ? { nullable } : {}) };
  const literals = others.map((schema) => (schema as SchemaShape).const);
  if (literals.every((value) => value !== undefined))
    return { ...ofValues(literals), ...(nullable ? { nullable } : {}) };
  // Which alternative a value is has to be found out from the whole schemas.
  return { anyOf: alternatives };
}

function ofValues(values: readonly unknown[]): SerializationSchema {
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  return types.size === 1 && (type === 'string' || type === 'number' || type === 'boolean') ? { type } : {};
}
