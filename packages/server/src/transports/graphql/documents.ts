import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type CompiledQuery, type CompilerOptions, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Logger } from '../../platform/telemetry/index.js';
import { operationsOf } from './definitions.js';
import { documentLimits, type GraphqlLimits, refusal } from './limits.js';

/** Longer texts are written by machines, which can send them in parts. */
export const MAX_DOCUMENT_LENGTH = 16_384;
/** Validation compares fields with one another: with three times as many tokens a text took more than a second. */
const MAX_TOKENS = 2_000;
/** Characters of all texts that are kept: parsed and compiled, each takes some 36 bytes, 38 MB together. */
const MAX_KEPT_CHARACTERS = 1024 * 1024;
/** Compiling takes milliseconds: only for what comes again. */
const COMPILE_AT_USE = 2;

/** By path: otherwise a fragment that one place does not include is left out everywhere. */
const COMPILER_OPTIONS: Partial<CompilerOptions> = { useExperimentalPathBasedSkipInclude: true };

export interface Known {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly characters: number;
  uses: number;
  compiled: CompiledQuery | null;
}

export type Document = { readonly errors: readonly GraphQLError[] } | Known;

/**
 * Texts that were asked before, by their SHA-256: parsed and validated once, compiled from the second use
 * on (graphql-jit). Texts with errors are not kept, so that rubbish cannot push out what is used. The hash is
 * also what a client may send instead of the text (automatic persisted queries).
 */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: GraphqlLimits;
  /** In order of use: the first is the one that goes. */
  readonly #known = new Map<string, Known>();
  #keptCharacters = 0;

  constructor(schema: GraphQLSchema, limits: GraphqlLimits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  byHash(hash: string, log: Pick<Logger, 'error'>): Document | undefined {
    const known = this.#known.get(hash);
    return known && this.#use(hash, known, log);
  }

  byText(text: string, log: Pick<Logger, 'error'>): Document {
    const hash = hashOf(text);
    const known = this.#known.get(hash);
    if (known) return this.#use(hash, known, log);
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: MAX_TOKENS, noLocation: true });
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError('The query cannot be read')] };
    }
    const errors = this.#errorsOf(document);
    if (errors.length > 0) return { errors };
    const [operation] = operationsOf(document);
    if (operation === undefined) return { errors: [refusal('there is no operation in it')] };
    const fresh: Known = { document, operation, characters: text.length, uses: 1, compiled: null };
    this.#keep(hash, fresh);
    return fresh;
  }

  /** The limits first: they bound what the other rules cost. */
  #errorsOf(document: DocumentNode): readonly GraphQLError[] {
    const refusals = validate(this.#schema, document, [documentLimits(this.#limits)], { maxErrors: 5 });
    return refusals.length > 0 ? refusals : validate(this.#schema, document, specifiedRules, { maxErrors: 5 });
  }

  #keep(hash: string, fresh: Known): void {
    this.#known.set(hash, fresh);
    this.#keptCharacters += fresh.characters;
    for (const [oldest, { characters }] of this.#known) {
      if (this.#keptCharacters <= MAX_KEPT_CHARACTERS) return;
      this.#known.delete(oldest);
      this.#keptCharacters -= characters;
    }
  }

  #use(hash: string, known: Known, log: Pick<Logger, 'error'>): Known {
    this.#known.delete(hash);
    this.#known.set(hash, known);
    known.uses += 1;
    if (known.uses === COMPILE_AT_USE) {
      const compiled = compileQuery(this.#schema, known.document, undefined, COMPILER_OPTIONS);
      if (isCompiledQuery(compiled)) known.compiled = compiled;
      else log.error({ err: compiled.errors?.[0] }, 'a GraphQL document cannot be compiled and stays interpreted');
    }
    return known;
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
