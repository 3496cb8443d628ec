/**
 * Reads Nova's OpenAPI document into what the client needs to know of it, and refuses what it does not know.
 */
import { componentOf, objectAt, refuse, requiredOf } from './schema-types.mjs';

/**
 * @typedef {import('./schema-types.mjs').Schema} Schema
 *
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method in capitals
 * @property {string} path with `{name}` for its parameters
 * @property {string} summary
 * @property {boolean} deprecated
 * @property {readonly string[]} credentials names of the security schemes, any of which will do
 * @property {boolean} anyone whether it may be called without
 * @property {Schema} fields of the input, whatever part of the request they travel in
 * @property {readonly string[]} required
 * @property {Readonly<Record<string, string>>} headers header by field
 * @property {boolean} hasBody whether what is neither in path nor headers is the JSON body; it is the query otherwise
 * @property {boolean} takesIdempotencyKey
 * @property {Schema | null} output null for an answer without a body
 *
 * @typedef {object} Domain
 * @property {string} name
 * @property {string} description
 * @property {readonly Operation[]} operations
 *
 * @typedef {object} Model
 * @property {readonly Domain[]} domains
 * @property {readonly (readonly [string, Schema])[]} schemas
 * @property {readonly string[]} errorCodes
 */

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const OPERATION_KEYS = [
  ...['operationId', 'summary', 'description', 'tags', 'security', 'deprecated'],
  ...['parameters', 'requestBody', 'responses'],
];
const PARAMETER_KEYS = ['name', 'in', 'required', 'description', 'schema', 'style', 'explode', 'deprecated'];
/** Made by the transport, for every call. */
const IDEMPOTENCY_KEY = 'Idempotency-Key';
const SUCCESS = ['200', '201', '202', '204'];
const JSON_TYPE = 'application/json';

/** @param {Schema} value @param {readonly string[]} known @param {string} where */
function expectKeys(value, known, where) {
  const other = Object.keys(value).filter((key) => !known.includes(key));
  if (other.length > 0) refuse(where, `has the unknown ${other.join(', ')}`);
}

/** @param {unknown} parsed the document @returns {Model} */
export function readOpenApi(parsed) {
  const document = objectAt(parsed, 'the document');
  if (!String(document['openapi']).startsWith('3.1.')) refuse('openapi', `is ${document['openapi']}, not 3.1`);
  const servers = JSON.stringify(document['servers']);
  if (servers !== '[{"url":"/"}]') refuse('servers', `is ${servers}: paths are taken to begin at the base URL`);

  const components = objectAt(document['components'], 'components');
  const schemas = Object.entries(objectAt(components['schemas'], 'components.schemas')).map(
    ([name, schema]) => /** @type {const} */ ([name, objectAt(schema, `components.schemas.${name}`)]),
  );
  for (const [name] of schemas) componentOf(`#/components/schemas/${name}`, 'components.schemas');

  /** @type {Map<string, { description: string, operations: Operation[] }>} */
  const domains = new Map();
  for (const tag of /** @type {readonly unknown[]} */ (document['tags'])) {
    const { name, description } = objectAt(tag, 'tags');
    if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) refuse('tags', `has the name ${name}`);
    domains.set(name, { description: String(description ?? ''), operations: [] });
  }
  /** @type {Set<string>} */
  const ids = new Set();
  for (const [path, item] of Object.entries(objectAt(document['paths'], 'paths'))) {
    for (const [method, value] of Object.entries(objectAt(item, path))) {
      const where = `${method.toUpperCase()} ${path}`;
      if (!METHODS.includes(method)) refuse(where, 'is not a method that the client knows');
      const described = objectAt(value, where);
      // A second path of an operation; the one that carries the id is enough to call it.
      if (described['operationId'] === undefined) continue;
      const operation = operationOf(described, method, path, components);
      if (ids.has(operation.id)) refuse(where, `shares the id ${operation.id}`);
      ids.add(operation.id);
      const tags = /** @type {readonly string[]} */ (described['tags'] ?? []);
      const domain = tags.length === 1 ? domains.get(tags[0] ?? '') : undefined;
      if (domain === undefined) refuse(where, `has the tags ${JSON.stringify(tags)}; one that is declared is needed`);
      domain.operations.push(operation);
    }
  }
  return {
    domains: [...domains]
      .filter(([, { operations }]) => operations.length > 0)
      .map(([name, { description, operations }]) => ({ name, description, operations: operations.sort(byId) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    schemas,
    errorCodes: errorCodesOf(components),
  };
}

/** @param {Operation} a @param {Operation} b */
const byId = (a, b) => (a.id < b.id ? -1 : 1);

/** @param {Schema} components @returns {readonly string[]} */
function errorCodesOf(components) {
  const problem = objectAt(objectAt(components['schemas'], 'schemas')['Problem'], 'Problem');
  const code = objectAt(objectAt(problem['properties'], 'Problem.properties')['code'], 'Problem.code');
  return Array.isArray(code['enum']) ? code['enum'] : refuse('Problem.code', 'lists no codes');
}

/** @param {unknown} value @param {string} kind @param {Schema} components @param {string} where */
function resolve(value, kind, components, where) {
  const object = objectAt(value, where);
  const reference = object['$ref'];
  if (reference === undefined) return object;
  const name = new RegExp(`^#/components/${kind}/([^/]+)$`).exec(String(reference))?.[1];
  return objectAt(objectAt(components[kind], kind)[name ?? ''], `${where} -> ${reference}`);
}

/**
 * @param {Schema} described
 * @param {string} method
 * @param {string} path
 * @param {Schema} components
 * @returns {Operation}
 */
function operationOf(described, method, path, components) {
  const where = `${method.toUpperCase()} ${path}`;
  expectKeys(described, OPERATION_KEYS, where);
  const id = String(described['operationId']);
  if (!/^[a-z][A-Za-z0-9]*$/.test(id)) refuse(where, `has the id ${id}, which is no name of a function`);
  const input = inputOf(described, components, where, path);
  const securities = /** @type {readonly Schema[]} */ (described['security'] ?? [{}]);
  const credentials = [...new Set(securities.flatMap((security) => Object.keys(security)))];
  const summary = [described['summary'], described['description']].filter((text) => typeof text === 'string');
  return {
    id,
    method: method.toUpperCase(),
    path,
    summary: summary.join('\n'),
    deprecated: described['deprecated'] === true,
    credentials,
    anyone: securities.some((security) => Object.keys(security).length === 0),
    ...input,
    output: outputOf(objectAt(described['responses'], where), components, where),
  };
}

/** @param {Schema} described @param {Schema} components @param {string} where @param {string} path */
function inputOf(described, components, where, path) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  /** @type {string[]} */
  const required = [];
  /** @type {Record<string, string>} */
  const headers = {};
  /** @type {string[]} */
  const inPath = [];
  let takesIdempotencyKey = false;
  let hasQuery = false;
  /** @param {string} name @param {unknown} schema @param {boolean} isRequired */
  const add = (name, schema, isRequired) => {
    if (Object.hasOwn(fields, name)) refuse(where, `takes ${name} twice`);
    fields[name] = schema;
    if (isRequired) required.push(name);
  };

  for (const value of /** @type {readonly unknown[]} */ (described['parameters'] ?? [])) {
    const parameter = resolve(value, 'parameters', components, where);
    const name = String(parameter['name']);
    const at = `${where} parameter ${name}`;
    expectKeys(parameter, PARAMETER_KEYS, at);
    const schema = objectAt(parameter['schema'], at);
    const described = 'description' in parameter ? { ...schema, description: parameter['description'] } : schema;
    const isRequired = parameter['required'] === true;
    switch (parameter['in']) {
      case 'path':
        if (!path.includes(`{${name}}`)) refuse(at, 'is not in the path');
        inPath.push(name);
        add(name, described, true);
        break;
      case 'query':
        if (schema['type'] === 'array' && (parameter['style'] !== 'form' || parameter['explode'] !== false)) {
          refuse(at, 'is a list that is not written with commas');
        }
        if (schema['type'] === 'object' || '$ref' in schema) refuse(at, 'is an object in the query string');
        hasQuery = true;
        add(name, described, isRequired);
        break;
      case 'header': {
        if (name === IDEMPOTENCY_KEY) {
          takesIdempotencyKey = true;
          break;
        }
        const field = name.charAt(0).toLowerCase() + name.slice(1).replaceAll(/-(\w)/g, (_, letter) => letter);
        if (!/^[a-z][A-Za-z0-9]*$/.test(field)) refuse(at, 'is a header whose name makes no field');
        headers[field] = name;
        add(field, described, isRequired);
        break;
      }
      default:
        refuse(at, `is in ${JSON.stringify(parameter['in'])}`);
    }
  }
  for (const [, name] of path.matchAll(/\{([^}]*)\}/g)) {
    if (!inPath.includes(name ?? '')) refuse(where, `does not describe {${name}}`);
  }

  const hasBody = described['requestBody'] !== undefined;
  if (hasBody) {
    if (hasQuery) refuse(where, 'has a body and a query string');
    const body = resolve(described['requestBody'], 'requestBodies', components, where);
    const schema = objectAt(jsonOf(body, `${where} body`), `${where} body`);
    if (schema['type'] !== 'object' || schema['additionalProperties'] !== false) {
      refuse(`${where} body`, 'is not a closed object');
    }
    const needed = requiredOf(schema, `${where} body`);
    for (const [name, field] of Object.entries(objectAt(schema['properties'] ?? {}, where))) {
      add(name, field, needed.includes(name));
    }
  }
  return { fields, required, headers, hasBody, takesIdempotencyKey };
}

/** @param {Schema} responses @param {Schema} components @param {string} where */
function outputOf(responses, components, where) {
  const successes = Object.keys(responses).filter((status) => /^[123]/.test(status));
  const [status] = successes;
  if (successes.length !== 1 || status === undefined || !SUCCESS.includes(status)) {
    refuse(where, `succeeds with ${successes.join(', ') || 'nothing'}; one of ${SUCCESS.join(', ')} is needed`);
  }
  const response = resolve(responses[status], 'responses', components, where);
  if (status === '204') {
    if (response['content'] !== undefined) refuse(where, 'has a body with status 204');
    return null;
  }
  return objectAt(jsonOf(response, `${where} answer`), `${where} answer`);
}

/** @param {Schema} message @param {string} where */
function jsonOf(message, where) {
  const content = objectAt(message['content'], where);
  if (Object.keys(content).join() !== JSON_TYPE) refuse(where, `is ${Object.keys(content)}, not ${JSON_TYPE}`);
  return objectAt(content[JSON_TYPE], where)['schema'];
}
