import Type, { type TObject, type TSchema } from 'typebox';
import { type Check, compileCheck } from '../operation/index.js';
import { settingsTypeDefs } from './graphql-types.js';
import type { SettingGroup, TenantSetting } from './settings.js';

/** By group and name. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** All settings of the product: the document that callers see, what they may change of it, and how both are read. */
export interface SettingsRegistry {
  readonly groups: readonly SettingGroup[];
  /** Every setting with its value. */
  readonly document: TObject;
  /** Of what the tenant itself may change, some; null takes the default again. */
  readonly patch: TObject;
  /** The types `TenantSettings` and `TenantSettingsPatch`. */
  readonly typeDefs: string;
  /** Throws `invalid_request`: for whoever may change everything. */
  readonly checkOperatorPatch: (value: unknown) => Overrides;
  /** Overrides over defaults. What another version has stored and this one does not take is passed over. */
  values(overrides: unknown): Overrides;
  /** The overrides after a change: nulls and values that are the default leave none. */
  apply(overrides: unknown, patch: Overrides): Overrides;
}

const closed = { additionalProperties: false } as const;

export function createSettingsRegistry(groups: readonly SettingGroup[]): SettingsRegistry {
  const names = groups.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`tenant settings ${twice} are declared twice`);
  const checks = new Map(
    groups.flatMap(({ name, settings }) =>
      Object.entries(settings).map(([setting, { schema }]) => [`${name}.${setting}`, accepts(schema)] as const),
    ),
  );
  const operatorPatch = compileCheck(patchOf(groups, () => true));
  const effective = (
    group: string,
    name: string,
    { default: fallback }: TenantSetting,
    overrides: unknown,
  ): unknown => {
    const value = entry(entry(overrides, group), name);
    return value !== undefined && checks.get(`${group}.${name}`)?.(value) === true ? value : fallback;
  };
  return {
    groups,
    document: Type.Object(Object.fromEntries(groups.map((group) => [group.name, groupOf(group)])), {
      ...closed,
      title: 'TenantSettings',
      description: 'What is set for the tenant, defaults included',
    }),
    patch: patchOf(groups, ({ changedBy }) => changedBy === 'tenant'),
    typeDefs: settingsTypeDefs(groups),
    checkOperatorPatch: (value) => operatorPatch(value) as Overrides,
    values: (overrides) =>
      Object.fromEntries(
        groups.map(({ name: group, settings }) => [
          group,
          Object.fromEntries(
            Object.entries(settings).map(([name, setting]) => [name, effective(group, name, setting, overrides)]),
          ),
        ]),
      ),
    apply(overrides, patch) {
      const result: Record<string, Record<string, unknown>> = {};
      // What this version does not know stays.
      for (const [group, values] of Object.entries((overrides ?? {}) as Overrides)) result[group] = { ...values };
      for (const [group, values] of Object.entries(patch)) {
        const settings = groups.find(({ name }) => name === group)?.settings ?? {};
        const target = result[group] ?? {};
        for (const [name, value] of Object.entries(values)) {
          if (value === null || value === settings[name]?.default) delete target[name];
          else target[name] = value;
        }
        if (Object.keys(target).length > 0) result[group] = target;
        else delete result[group];
      }
      return result;
    },
  };
}

function groupOf({ settings }: SettingGroup): TSchema {
  const fields = Object.entries(settings).map(([name, { schema, description }]) => [
    name,
    { ...schema, description } as TSchema,
  ]);
  return Type.Object(Object.fromEntries(fields), closed);
}

function patchOf(groups: readonly SettingGroup[], may: (setting: TenantSetting) => boolean): TObject {
  const changeable = groups.flatMap(({ name, settings }) => {
    const fields = Object.entries(settings).filter(([, setting]) => may(setting));
    if (fields.length === 0) return [];
    const properties = fields.map(([field, { schema, description }]) => [
      field,
      Type.Optional(Type.Union([schema, Type.Null()], { description: `${description}; null: the default` })),
    ]);
    return [[name, Type.Optional(Type.Object(Object.fromEntries(properties), closed))] as const];
  });
  return Type.Object(Object.fromEntries(changeable), closed);
}

function accepts(schema: TSchema): (value: unknown) => boolean {
  const check: Check<TSchema> = compileCheck(schema);
  return (value) => {
    try {
      check(value);
      return true;
    } catch {
      return false;
    }
  };
}

function entry(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
