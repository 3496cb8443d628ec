export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * Schemas of the document. One that has a `title` becomes a component of that name and is referred to from
 * everywhere else, so that generated clients have one type for it.
 */
export class SchemaComponents {
  readonly #components = new Map<string, Json>();

  /** The schema as the document has it: a reference when it has a title. Throws when two share a title. */
  of(schema: unknown): Json {
    // What TypeBox keeps for itself is not enumerable and goes here.
    return this.#lift(JSON.parse(JSON.stringify(schema)) as Json);
  }

  /** By title, in the order of the alphabet. */
  all(): Record<string, Json> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #lift(schema: Json): Json {
    if (Array.isArray(schema)) return schema.map((item: Json) => this.#lift(item));
    if (typeof schema !== 'object' || schema === null) return schema;
    const lifted: Json = Object.fromEntries(
      Object.entries(schema).map(([keyword, value]) => [
        keyword,
        value === undefined ? value : this.#child(keyword, value),
      ]),
    );
    const title = (schema as { title?: Json }).title;
    if (typeof title !== 'string') return lifted;
    const known = this.#components.get(title);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(lifted)) {
      throw new Error(`two schemas are titled ${title}`);
    }
    this.#components.set(title, lifted);
    return { $ref: `#/components/schemas/${title}` };
  }

  /** Below `properties` the keys are names of fields, not keywords: a field may be called `title`. */
  #child(keyword: string, value: Json): Json {
    if (keyword !== 'properties' && keyword !== 'patternProperties') return this.#lift(value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.#lift(field as Json)]));
  }
}
