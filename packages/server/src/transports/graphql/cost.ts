import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getDirectiveValues,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import { DEFAULT_LIMIT } from '../../platform/cursor/index.js';
import { type Fragments, fragmentsOf, operationsOf } from './definitions.js';

/** For the SDL: `body: String! @cost(weight: 15)`. */
export const COST_DIRECTIVE = `
  "What a value of the field counts in the cost of an operation: its longest text in KB; 1 elsewhere. The weight of a whole holds what is below it"
  directive @cost(weight: Int!, whole: Boolean! = false) on FIELD_DEFINITION
`;

type Field = GraphQLField<unknown, unknown>;
/** As `getVariableValues` gives them. */
type Variables = Readonly<Record<string, unknown>>;

/** What a valid document costs at the most with these variables; not counted on above the highest cost. */
export type CostOf = (document: DocumentNode, variables: Variables) => number;

/**
 * A field costs its weight for every time that it can stand in the answer, and a field with a `limit` that many times
 * more, whether its items are selected or not. What the schema says of itself is counted by its real sizes, in shares:
 * the question of the usual tools, which asks for everything once, costs half of `maxCost`, however the schema grows.
 */
export function createCostOf(schema: GraphQLSchema, maxCost: number): CostOf {
  const weights = weightsOf(schema);
  const everything = parse(getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true }));
  const one = { schema, weights, schemaShare: 1, ceiling: Number.POSITIVE_INFINITY };
  const limited = {
    schema,
    weights,
    schemaShare: maxCost / 2 / new Count(one, everything, {}).total(),
    ceiling: maxCost,
  };
  return (document, variables) => new Count(limited, document, variables).total();
}

interface Weight {
  readonly weight: number;
  /** Of a short list of small objects, which would be counted as a page of them: the fields below cost nothing more. */
  readonly whole: boolean;
}

function weightsOf(schema: GraphQLSchema): ReadonlyMap<Field, Weight> {
  const directive = schema.getDirective('cost');
  const weights = new Map<Field, Weight>();
  if (!directive) return weights;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const given = field.astNode && getDirectiveValues(directive, field.astNode);
      if (given) weights.set(field, given as unknown as Weight);
    }
  }
  return weights;
}

const ORDINARY: Weight = { weight: 1, whole: false };

interface Rates {
  readonly schema: GraphQLSchema;
  readonly weights: ReadonlyMap<Field, Weight>;
  /** What one value costs of what the schema says of itself. */
  readonly schemaShare: number;
  /** Counting ends there, so that fragments which double at each step cannot make it expensive. */
  readonly ceiling: number;
}

class Count {
  readonly #rates: Rates;
  readonly #document: DocumentNode;
  readonly #fragments: Fragments;
  readonly #variables: Variables;
  #cost = 0;

  constructor(rates: Rates, document: DocumentNode, variables: Variables) {
    this.#rates = rates;
    this.#document = document;
    this.#fragments = fragmentsOf(document);
    this.#variables = variables;
  }

  total(): number {
    for (const { operation, selectionSet } of operationsOf(this.#document)) {
      const root = this.#rates.schema.getRootType(operation);
      if (root) this.#visit(selectionSet, root.name, (node, field) => this.#countData(node, field, 1, 1));
    }
    return this.#cost;
  }

  /** Calls back for each field, those of fragments included; `__typename` is no field of a type. */
  #visit({ selections }: SelectionSetNode, type: string, count: (node: FieldNode, field: Field | undefined) => void) {
    for (const node of selections) {
      if (this.#cost > this.#rates.ceiling) return;
      const part = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
      if (part?.kind === Kind.FIELD) count(part, this.#fieldOf(type, part.name.value));
      else if (part) this.#visit(part.selectionSet, part.typeCondition?.name.value ?? type, count);
    }
  }

  #fieldOf(typeName: string, name: string): Field | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    const type = this.#rates.schema.getType(typeName);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  /**
   * @param times how often the field can stand in the answer
   * @param page elements of it, if it is a list
   */
  #countData(node: FieldNode, field: Field | undefined, times: number, page: number): void {
    if (field === SchemaMetaFieldDef || field === TypeMetaFieldDef) {
      this.#countSchema(node, field, undefined);
      return;
    }
    if (field === undefined) {
      this.#cost += times;
      return;
    }
    const limit = this.#limitOf(node, field);
    const { weight, whole } = this.#rates.weights.get(field) ?? ORDINARY;
    this.#cost += times * (limit ?? 1) * weight;
    if (node.selectionSet === undefined || whole) return;
    const timesBelow = isListType(getNullableType(field.type)) ? times * (limit ?? page) : times;
    this.#visit(node.selectionSet, getNamedType(field.type).name, (below, definition) =>
      this.#countData(below, definition, timesBelow, limit ?? DEFAULT_LIMIT),
    );
  }

  /** `undefined` for a field that has no page size. */
  #limitOf(node: FieldNode, field: Field): number | undefined {
    if (!field.args.some(({ name }) => name === 'limit')) return undefined;
    const limit = this.#argumentOf(node, field, 'limit');
    return typeof limit === 'number' ? Math.max(limit, 1) : DEFAULT_LIMIT;
  }

  /** Null is "not given", as it is for operations and edges. */
  #argumentOf({ arguments: given }: FieldNode, { args }: Field, name: string): unknown {
    const node = given?.find((argument) => argument.name.value === name)?.value;
    const value: unknown = node && valueFromASTUntyped(node, this.#variables);
    return value ?? args.find((argument) => argument.name === name)?.defaultValue;
  }

  /** Asks the schema what it will answer: that takes no statement, and the sizes are the real ones. */
  #countSchema(node: FieldNode, field: Field | undefined, source: unknown): void {
    const { schema, schemaShare } = this.#rates;
    this.#cost += schemaShare;
    if (field === undefined || node.selectionSet === undefined) return;
    const args = Object.fromEntries(field.args.map(({ name }) => [name, this.#argumentOf(node, field, name)]));
    const value = field.resolve?.(source, args, undefined, { schema } as GraphQLResolveInfo);
    for (const element of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (element === undefined || element === null) continue;
      this.#visit(node.selectionSet, getNamedType(field.type).name, (below, definition) =>
        this.#countSchema(below, definition, element),
      );
    }
  }
}
