import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { KEY_SCOPES, type KeyScope } from '../../platform/operation/index.js';
import type { SettingsRegistry } from '../../platform/tenant-settings/index.js';
import { USAGE_COUNTERS } from '../../platform/usage/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });
const DateTimeOrNull = Type.Union([DateTime, Type.Null()]);

export const ApiKeyKind = Type.Union([Type.Literal('publishable'), Type.Literal('secret')], {
  description: '`publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only',
});
export type ApiKeyKind = Static<typeof ApiKeyKind>;

// A union of literals that were made by a loop has lost their types.
const Scope = Type.Unsafe<KeyScope>(
  Type.Union(
    KEY_SCOPES.map((scope) => Type.Literal(scope)),
    { description: 'What a secret key may be used for' },
  ),
);
// Not `uniqueItems`: TypeBox hashes what it compares before it checks it, and nesting overflows its stack.
const Scopes = Type.Array(Scope, { minItems: 1, maxItems: KEY_SCOPES.length });

/** A name to be read by people: something to see, no control characters. */
const NAME = '^(?=[\\s\\S]*\\S)\\P{Cc}*$';
export const TenantName = Type.String({ minLength: 1, maxLength: 100, pattern: NAME, description: 'For people' });

export const ApiKey = Type.Object(
  {
    id: Id,
    kind: ApiKeyKind,
    name: Type.String({ maxLength: 100, description: 'For people; may be empty' }),
    scopes: Type.Union([Type.Array(Scope), Type.Null()], {
      description: 'What a secret key is limited to; null: it may do all, also what later versions add',
    }),
    hint: Type.String({ maxLength: 20, description: 'How the key begins' }),
    createdAt: DateTime,
    expiresAt: { ...DateTimeOrNull, description: 'When it ends by itself; null: never' },
    lastUsedAt: { ...DateTimeOrNull, description: 'To about a minute; null: not yet' },
    replacedBy: { ...Type.Union([Id, Type.Null()]), description: 'The key that takes over from this one' },
    revokedAt: DateTimeOrNull,
  },
  { ...closed, title: 'ApiKey', description: 'An API key, without the key itself' },
);
export type ApiKey = Static<typeof ApiKey>;

/** What the columns hold is what the schema admits. */
export function presentKey<R extends { readonly kind: string; readonly scopes: readonly string[] | null }>({
  kind,
  scopes,
  ...row
}: R) {
  return {
    ...row,
    kind: kind as ApiKeyKind,
    // A scope that this version does not know gives nothing here.
    scopes: scopes === null ? null : scopes.filter(isScope),
  };
}

function isScope(scope: string): scope is KeyScope {
  return (KEY_SCOPES as readonly string[]).includes(scope);
}

export const CreateApiKeyInput = Type.Object(
  {
    kind: ApiKeyKind,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: NAME, description: 'For people' })),
    scopes: Type.Optional({ ...Scopes, description: 'Of a secret key; all that the calling key has if not given' }),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 315_360_000, description: 'From now to its end; without one if not given' }),
    ),
  },
  closed,
);

const key = Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
  description: 'Shown this once; null when an Idempotency-Key repeats the answer',
});

export const CreatedApiKey = Type.Object({ apiKey: ApiKey, key }, closed);

export const RotateApiKeyInput = Type.Object(
  {
    keyId: Id,
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        description: 'How long the old key is good beside the new one: up to 7 days, a day if not given',
      }),
    ),
  },
  closed,
);
export const RotatedApiKey = Type.Object(
  { apiKey: ApiKey, key, previous: ApiKey },
  { ...closed, description: '`previous` is the old key, with its end' },
);

export const ListApiKeysInput = Type.Object(pageInput, closed);
export const ApiKeyPage = pageOf(ApiKey);
export const RevokeApiKeyInput = Type.Object({ keyId: Id }, closed);
export const Nothing = Type.Null({ description: 'Nothing' });
export const NoInput = Type.Object({}, closed);

export const tenantSchema = ({ document }: SettingsRegistry) =>
  Type.Object(
    {
      id: Id,
      name: Type.String({ maxLength: 100 }),
      plan: Type.Union([Type.Literal('free'), Type.Literal('pro'), Type.Literal('enterprise')]),
      createdAt: DateTime,
      settings: document,
    },
    { ...closed, title: 'Tenant', description: 'Your app' },
  );

const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', maxLength: 10, description: 'A UTC day, YYYY-MM-DD' });

export const GetUsageInput = Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) }, closed);

const Count = Type.Integer({ minimum: 0 });
const counts = Object.fromEntries(USAGE_COUNTERS.map((counter) => [counter, Count])) as Record<
  (typeof USAGE_COUNTERS)[number],
  typeof Count
>;
const UsageOfDay = Type.Object({ day: Day, ...counts }, { ...closed, title: 'UsageOfDay' });
export const Usage = Type.Object({ items: Type.Array(UsageOfDay) }, { ...closed, title: 'Usage' });
