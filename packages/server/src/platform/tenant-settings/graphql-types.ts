import type { TSchema } from 'typebox';
import type { SettingGroup } from './settings.js';

/** SDL of the document and of what a tenant may change, from the declarations. */
export function settingsTypeDefs(groups: readonly SettingGroup[]): string {
  const changeable = groups
    .map(({ name, settings }) => ({
      name,
      settings: Object.fromEntries(Object.entries(settings).filter(([, { changedBy }]) => changedBy === 'tenant')),
    }))
    .filter(({ settings }) => Object.keys(settings).length > 0);
  return [
    ...groups.map((group) => typeOf('type', group, (schema) => scalarOf(schema))),
    `"What is set for the tenant, defaults included"
  type TenantSettings {\n${groups.map(({ name }) => `    ${name}: ${titled(name)}Settings!`).join('\n')}\n  }`,
    ...changeable.map((group) => typeOf('input', group, (schema) => scalarOf(schema).replace('!', ''))),
    `"What to set; null takes the default again"
  input TenantSettingsPatch {\n${changeable.map(({ name }) => `    ${name}: ${titled(name)}SettingsPatch`).join('\n')}\n  }`,
  ].join('\n\n  ');
}

function typeOf(kind: 'type' | 'input', { name, settings }: SettingGroup, scalar: (schema: TSchema) => string): string {
  const fields = Object.entries(settings).map(
    ([field, { schema, description }]) => `    ${JSON.stringify(description)}\n    ${field}: ${scalar(schema)}`,
  );
  return `${kind} ${titled(name)}Settings${kind === 'input' ? 'Patch' : ''} {\n${fields.join('\n')}\n  }`;
}

const titled = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const SCALARS: Readonly<Record<string, string>> = { boolean: 'Boolean', integer: 'Int', string: 'String' };

function scalarOf(schema: TSchema): string {
  const { type, anyOf = [] } = schema as { type?: string; anyOf?: readonly { type?: string }[] };
  const members = anyOf.length > 0 ? anyOf.map((member) => member.type) : [type];
  const [scalar, ...others] = [...new Set(members.filter((member) => member !== 'null'))];
  const named = SCALARS[scalar ?? ''];
  if (named === undefined || others.length > 0)
    throw new Error('a tenant setting is a boolean, an integer or a string');
  return members.includes('null') ? named : `${named}!`;
}
