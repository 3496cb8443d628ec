/**
 * From JSON Schema to TypeScript. Every keyword is known here or refused: a schema that this generator does not
 * understand must not become a type that is silently wrong.
 *
 * @typedef {{ readonly [keyword: string]: unknown }} Schema
 */

/** Say something about values, nothing about their type. */
const CONSTRAINTS = [
  ...['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
];
const ANNOTATIONS = ['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', '$comment'];
const OBJECT = ['properties', 'required', 'additionalProperties', 'patternProperties'];
const SHAPES = ['type', 'const', 'enum', 'anyOf', 'oneOf', '$ref', 'items', ...OBJECT];
const KNOWN = new Set([...CONSTRAINTS, ...ANNOTATIONS, ...SHAPES]);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const COMPONENT = /^#\/components\/schemas\/([A-Za-z][A-Za-z0-9]*)$/;

/** @param {string} where @param {string} what @returns {never} */
export function refuse(where, what) {
  throw new Error(`${where}: ${what}. Teach packages/client/scripts about it, or describe the operation otherwise.`);
}

/** @param {unknown} value @param {string} where @returns {Schema} */
export function objectAt(value, where) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return /** @type {Schema} */ (value);
  return refuse(where, 'is not an object');
}

/** @param {unknown} value @param {string} where @returns {readonly unknown[]} */
function arrayAt(value, where) {
  return Array.isArray(value) ? value : refuse(where, 'is not an array');
}

/** @param {unknown} value */
export function literal(value) {
  if (typeof value !== 'string') return JSON.stringify(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** @param {string} name */
export const propertyName = (name) => (IDENTIFIER.test(name) ? name : literal(name));

/** @param {readonly string[]} lines @returns {string} a doc comment, or nothing for no lines */
export function docComment(lines) {
  const text = lines
    .flatMap((line) => line.split('\n'))
    .map((line) => line.trim().replaceAll('*/', '*\\/'))
    .filter((line) => line !== '');
  if (text.length === 0) return '';
  if (text.length === 1) return `/** ${text[0]} */\n`;
  return `/**\n${text.map((line) => ` * ${line}`).join('\n')}\n */\n`;
}

/** The name of the component that a reference means. @param {unknown} reference @param {string} where */
export function componentOf(reference, where) {
  const name = typeof reference === 'string' ? COMPONENT.exec(reference)?.[1] : undefined;
  return name ?? refuse(where, `refers to ${JSON.stringify(reference)}, which is no named schema`);
}

/**
 * @param {unknown} value a schema
 * @param {string} where for the message of a refusal
 * @returns {string} a TypeScript type
 */
export function typeOf(value, where) {
  const schema = objectAt(value, where);
  for (const keyword of Object.keys(schema)) {
    if (!KNOWN.has(keyword)) refuse(where, `has the unknown keyword ${keyword}`);
  }
  const shapes = SHAPES.filter((keyword) => Object.hasOwn(schema, keyword));
  /** @param {readonly string[]} allowed */
  const expectOnly = (...allowed) => {
    const other = shapes.filter((keyword) => !allowed.includes(keyword));
    if (other.length > 0) refuse(where, `combines ${allowed[0]} with ${other.join(', ')}`);
  };

  if ('$ref' in schema) {
    expectOnly('$ref');
    return componentOf(schema['$ref'], where);
  }
  if ('const' in schema) {
    expectOnly('const', 'type');
    return literal(schema['const']);
  }
  if ('enum' in schema) {
    expectOnly('enum', 'type');
    return union(arrayAt(schema['enum'], where).map(literal), where);
  }
  for (const keyword of ['anyOf', 'oneOf']) {
    if (!(keyword in schema)) continue;
    expectOnly(keyword);
    const alternatives = arrayAt(schema[keyword], where);
    return union(
      alternatives.map((one, index) => typeOf(one, `${where}/${keyword}/${index}`)),
      where,
    );
  }
  // TypeBox's Unknown: whatever JSON holds.
  if (shapes.length === 0) return 'unknown';
  const { type } = schema;
  if (Array.isArray(type)) {
    return union(
      type.map((one) => typeOf({ ...schema, type: one }, where)),
      where,
    );
  }
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      expectOnly('type');
      return type;
    case 'integer':
    case 'number':
      expectOnly('type');
      return 'number';
    case 'array':
      expectOnly('type', 'items');
      return `readonly ${parenthesised(typeOf(schema['items'] ?? {}, `${where}/items`))}[]`;
    case 'object':
      expectOnly('type', ...OBJECT);
      return objectType(schema, where);
    default:
      return refuse(where, `has the type ${JSON.stringify(type)}`);
  }
}

/** @param {readonly string[]} types @param {string} where */
function union(types, where) {
  if (types.length === 0) refuse(where, 'allows no value at all');
  return [...new Set(types)].join(' | ');
}

/** @param {string} type */
function parenthesised(type) {
  return /^(?:[\w.<>]+|'[^']*')$/.test(type) || (type.startsWith('{') && type.endsWith('}') && !/\}\s*\|/.test(type))
    ? type
    : `(${type})`;
}

/** @param {Schema} schema @param {string} where */
function objectType(schema, where) {
  const properties = objectAt(schema['properties'] ?? {}, `${where}/properties`);
  const patterns = Object.entries(objectAt(schema['patternProperties'] ?? {}, `${where}/patternProperties`));
  const rest = schema['additionalProperties'];
  const names = Object.keys(properties);
  if (patterns.length > 0 || (typeof rest === 'object' && rest !== null)) {
    if (names.length > 0) refuse(where, 'has fixed fields and free ones');
    if (patterns.length > 1 || (patterns.length === 1 && typeof rest === 'object')) {
      refuse(where, 'has free fields of several types');
    }
    const type = typeOf(patterns[0]?.[1] ?? rest, `${where}/*`);
    return `{ readonly [key: string]: ${type} }`;
  }
  if (names.length === 0)
    return rest === false ? '{ readonly [key: string]: never }' : '{ readonly [key: string]: unknown }';
  return `{\n${fieldsOf(properties, requiredOf(schema, where), where)}\n}`;
}

/** @param {Schema} schema @param {string} where @returns {readonly string[]} */
export function requiredOf(schema, where) {
  const required = /** @type {readonly string[]} */ (arrayAt(schema['required'] ?? [], `${where}/required`));
  const properties = objectAt(schema['properties'] ?? {}, where);
  for (const name of required) {
    if (!Object.hasOwn(properties, name)) refuse(where, `requires ${name}, which is not described`);
  }
  return required;
}

/**
 * @param {Schema} properties
 * @param {readonly string[]} required
 * @param {string} where
 */
export function fieldsOf(properties, required, where) {
  return Object.entries(properties)
    .map(([name, value]) => {
      const at = `${where}.${name}`;
      const { description, default: fallback } = objectAt(value, at);
      const notes = [
        ...(typeof description === 'string' ? [description] : []),
        ...(fallback === undefined ? [] : [`@default ${JSON.stringify(fallback)}`]),
      ];
      const type = typeOf(value, at);
      const isRequired = required.includes(name);
      const field = `${propertyName(name)}${isRequired ? '' : '?'}: ${isRequired ? type : `${type} | undefined`}`;
      return `${docComment(notes)}readonly ${field};`;
    })
    .join('\n');
}
