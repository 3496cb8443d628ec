import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

export const ApiKeyKind = Type.Union([Type.Literal('publishable'), Type.Literal('secret')], {
  description: '`publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only',
});
export type ApiKeyKind = Static<typeof ApiKeyKind>;

export const ApiKey = Type.Object(
  {
    id: Id,
    kind: ApiKeyKind,
    hint: Type.String({ maxLength: 20, description: 'How the key begins' }),
    createdAt: DateTime,
    revokedAt: Type.Union([DateTime, Type.Null()]),
  },
  { ...closed, title: 'ApiKey', description: 'An API key, without the key itself' },
);
export type ApiKey = Static<typeof ApiKey>;

export const CreateApiKeyInput = Type.Object({ kind: ApiKeyKind }, closed);

export const CreatedApiKey = Type.Object(
  {
    apiKey: ApiKey,
    key: Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
      description: 'Shown this once; null when an Idempotency-Key repeats the answer',
    }),
  },
  closed,
);

export const ListApiKeysInput = Type.Object(pageInput, closed);
export const ApiKeyPage = pageOf(ApiKey);
export const RevokeApiKeyInput = Type.Object({ keyId: Id }, closed);
export const Nothing = Type.Null({ description: 'Nothing' });
