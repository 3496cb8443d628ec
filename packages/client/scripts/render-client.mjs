/** Writes the generated part of the client: types of all schemas, and for each domain its operations. */
import { componentOf, docComment, fieldsOf, literal, objectAt, propertyName, typeOf } from './schema-types.mjs';

/**
 * @typedef {import('./read-openapi.mjs').Model} Model
 * @typedef {import('./read-openapi.mjs').Domain} Domain
 * @typedef {import('./read-openapi.mjs').Operation} Operation
 * @typedef {import('./schema-types.mjs').Schema} Schema
 * @typedef {ReadonlyMap<string, Schema>} Schemas by name
 */

const HEADER = '// Written by `npm run generate` from generated/openapi.json.\n\n';
/** What a client has beside its domains. */
const TAKEN = ['session', 'transport'];

/** @param {string} name */
const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
/** @param {string} tag */
const camel = (tag) => tag.replaceAll(/[^A-Za-z0-9]+(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * @param {Model} model
 * @returns {Readonly<Record<string, string>>} text by file, not formatted yet
 */
export function renderClient(model) {
  /** @type {Record<string, string>} */
  const files = { 'schemas.ts': renderSchemas(model), 'error-codes.ts': renderErrorCodes(model) };
  const schemas = new Map(model.schemas);
  for (const domain of model.domains) files[`domains/${domain.name}.ts`] = renderDomain(domain, schemas);
  files['api.ts'] = renderApi(model.domains);
  files['operations.ts'] = renderOperations(model.domains);
  files['types.ts'] = renderTypes(files);
  return files;
}

/** @param {Model} model */
function renderSchemas({ schemas }) {
  const declarations = schemas.map(([name, schema]) => {
    const { description } = schema;
    const doc = docComment(typeof description === 'string' ? [description] : []);
    const type = typeOf(schema, name);
    const isInterface = type.startsWith('{\n');
    return `${doc}export ${isInterface ? `interface ${name} ${type}` : `type ${name} = ${type};`}\n`;
  });
  return HEADER + declarations.join('\n');
}

/** @param {Model} model */
function renderErrorCodes({ errorCodes }) {
  const doc = docComment(['What a program tests when the server has refused a call; docs/errors.md explains each.']);
  return `${HEADER}${doc}export type ServerErrorCode = ${errorCodes.map(literal).join(' | ')};\n
/** For telling known codes from those of a newer server. */
export const SERVER_ERROR_CODES: readonly ServerErrorCode[] = [${errorCodes.map(literal).join(', ')}];\n`;
}

/** @param {Operation} operation @param {Schemas} schemas */
function described(operation, schemas) {
  const where = operation.id;
  const isPaged = pageItemOf(operation, schemas) !== null;
  const input = `${capital(operation.id)}Input`;
  const output = `${capital(operation.id)}Output`;
  for (const name of [input, output]) {
    if (schemas.has(name)) throw new Error(`${where}: a schema is titled ${name}, which the client makes itself`);
  }
  /** @type {string[]} */
  const types = [];
  const body = fieldsOf(operation.fields, operation.required, where);
  const doc = docComment([`Input of {@link ${operation.id}}.`]);
  types.push(
    body === '' ? `${doc}export type ${input} = NoInput;\n` : `${doc}export interface ${input} {\n${body}\n}\n`,
  );
  return { operation, isPaged, input, output: outputOf(operation, output, { types, schemas }), types };
}

/**
 * The item of a list, when an operation answers pages: it takes a cursor and answers items and the next cursor.
 *
 * @param {Operation} operation
 * @param {Schemas} schemas
 */
function pageItemOf({ id, fields, output }, schemas) {
  if (output === null || !Object.hasOwn(fields, 'cursor')) return null;
  const answer = '$ref' in output ? (schemas.get(componentOf(output['$ref'], id)) ?? output) : output;
  const properties = objectAt(answer['properties'] ?? {}, id);
  const { items, nextCursor } = properties;
  if (items === undefined || nextCursor === undefined) return null;
  if (typeOf(nextCursor, id) !== 'string | null') return null;
  const { type, items: item } = objectAt(items, id);
  if (type !== 'array') return null;
  return { item, isPlain: answer === output && Object.keys(properties).length === 2 };
}

/**
 * @param {Operation} operation
 * @param {string} name for a type of its own
 * @param {{ readonly types: string[], readonly schemas: Schemas }} surroundings types gets what must be declared
 */
function outputOf(operation, name, { types, schemas }) {
  if (operation.output === null) return 'void';
  const page = pageItemOf(operation, schemas);
  if (page?.isPlain) {
    const item = typeOf(page.item, `${operation.id}.items`);
    if (!item.startsWith('{')) return `Page<${item}>`;
  }
  const type = typeOf(operation.output, `${operation.id} output`);
  if (!type.includes('{')) return type;
  const isInterface = type.startsWith('{\n') && type.endsWith('\n}');
  const doc = docComment([`Output of {@link ${operation.id}}.`]);
  types.push(`${doc}export ${isInterface ? `interface ${name} ${type}` : `type ${name} = ${type};`}\n`);
  return name;
}

/** @param {Operation} operation */
function documentation({ summary, method, path, credentials, anyone, deprecated }) {
  const who = anyone
    ? 'Anyone may call it'
    : `Takes ${credentials.map((name) => (name === 'secretKey' ? 'a secret key' : name === 'sessionToken' ? 'the token of a user' : name)).join(' or ')}`;
  return docComment([
    `${summary}${/[.!?]$/.test(summary) ? '' : '.'}`,
    `${who}: \`${method} ${path}\`.`,
    ...(deprecated ? ['@deprecated'] : []),
  ]);
}

/** @param {Operation} operation @param {boolean} isPaged */
function descriptor({ id, method, path, hasBody, takesIdempotencyKey, headers }, isPaged) {
  const fields = [
    `id: ${literal(id)}`,
    `method: ${literal(method)}`,
    `path: ${literal(path)}`,
    ...(hasBody ? ['hasBody: true'] : []),
    ...(takesIdempotencyKey ? ['takesIdempotencyKey: true'] : []),
    ...(Object.keys(headers).length === 0
      ? []
      : [
          `headers: { ${Object.entries(headers)
            .map(([field, header]) => `${propertyName(field)}: ${literal(header)}`)
            .join(', ')} }`,
        ]),
    ...(isPaged ? ['isPaged: true'] : []),
  ];
  return `{ ${fields.join(', ')} }`;
}

/** @param {Domain} domain @param {Schemas} schemas */
function renderDomain({ name, description, operations }, schemas) {
  const all = operations.map((operation) => described(operation, schemas));
  const types = all.flatMap(({ types }) => types);
  const constants = all.map(
    ({ operation, isPaged, input, output }) =>
      `${documentation(operation)}export const ${operation.id}: ${isPaged ? 'PagedOperation' : 'Operation'}<${input}, ${output}> = ${descriptor(operation, isPaged)};\n`,
  );
  const members = all.map(
    ({ operation, isPaged, input, output }) =>
      `${documentation(operation)}readonly ${operation.id}: ${isPaged ? 'PagedMethod' : 'Method'}<${input}, ${output}>;`,
  );
  const api = `${docComment([description])}export interface ${capital(camel(name))}Api {\n${members.join('\n')}\n}\n`;
  const table = `export const ${camel(name)} = { ${operations.map(({ id }) => id).join(', ')} };\n`;
  const text = [...types, ...constants, api, table].join('\n');
  const used = [...schemas.keys()].filter((schema) => new RegExp(`\\b${schema}\\b`).test(codeOf(text))).sort();
  const shapes = ['Method', 'NoInput', 'Operation', 'Page', 'PagedMethod', 'PagedOperation'];
  const needed = shapes.filter((shape) => new RegExp(`\\b${shape}\\b`).test(codeOf(text)));
  return `${HEADER}import type { ${needed.join(', ')} } from '../../operation.js';\n${
    used.length === 0 ? '' : `import type { ${used.join(', ')} } from '../schemas.js';\n`
  }\n${text}`;
}

/** Without comments and quoted texts, in which the name of a type means nothing. @param {string} text */
function codeOf(text) {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.)*'/g, '');
}

/** @param {readonly Domain[]} domains */
function renderApi(domains) {
  const imports = domains.map(
    ({ name }) => `import { type ${capital(camel(name))}Api, ${camel(name)} } from './domains/${name}.js';`,
  );
  for (const { name } of domains) {
    if (TAKEN.includes(camel(name))) throw new Error(`the tag ${name} is what a client calls something else`);
  }
  const members = domains.map(
    ({ name, description }) => `${docComment([description])}readonly ${camel(name)}: ${capital(camel(name))}Api;`,
  );
  return `${HEADER}${imports.join('\n')}

/** Every operation of Nova, by domain. */
export interface NovaApi {
${members.join('\n')}
}

export const domains = { ${domains.map(({ name }) => camel(name)).join(', ')} };
`;
}

/** @param {readonly Domain[]} domains */
function renderOperations(domains) {
  const lines = domains.map(({ name, operations }) => {
    const types = operations.map(({ id }) => id);
    return `export { ${types.join(', ')} } from './domains/${name}.js';`;
  });
  return `${HEADER}${lines.join('\n')}\n`;
}

/** What a domain declares beside its operations. @param {Readonly<Record<string, string>>} files */
function renderTypes(files) {
  const lines = Object.entries(files)
    .filter(([file]) => file.startsWith('domains/'))
    .map(([file, text]) => {
      const names = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
      return `export type { ${names.join(', ')} } from './${file.replace(/ts$/, 'js')}';`;
    });
  return `${HEADER}export type * from './schemas.js';\n${lines.join('\n')}\n`;
}
