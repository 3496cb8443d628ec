import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../../platform/cursor/index.js';
import { Id } from '../../../platform/ids/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

export const TokenAlgorithm = Type.Union([Type.Literal('HS256'), Type.Literal('EdDSA')], {
  description:
    '`HS256`: a secret that Nova makes; `EdDSA`: an Ed25519 key of your own, of which Nova has the public half',
});
export type TokenAlgorithm = Static<typeof TokenAlgorithm>;

const TokenKey = Type.Object(
  {
    id: Id,
    algorithm: TokenAlgorithm,
    createdAt: DateTime,
    revokedAt: Type.Union([DateTime, Type.Null()]),
  },
  {
    ...closed,
    title: 'TokenKey',
    description: 'A key that tokens are checked with, without the key itself; tokens name its id in `kid`',
  },
);

export const CreateTokenKeyInput = Type.Object(
  {
    algorithm: TokenAlgorithm,
    publicKey: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'For EdDSA: an Ed25519 public key as PEM (`openssl pkey -pubout`)',
      }),
    ),
  },
  closed,
);

export const CreatedTokenKey = Type.Object(
  {
    tokenKey: TokenKey,
    secret: Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
      description: 'Of HS256, shown this once; null when an Idempotency-Key repeats the answer',
    }),
  },
  { ...closed, title: 'CreatedTokenKey' },
);

export const ListTokenKeysInput = Type.Object(pageInput, closed);
export const TokenKeyPage = pageOf(TokenKey);
export const RevokeTokenKeyInput = Type.Object({ keyId: Id }, closed);

export const TokenSettings = Type.Object(
  {
    audience: Type.Union([Type.String({ maxLength: 255 }), Type.Null()], {
      description: 'What `aud` of every token must hold; null: tokens have none',
    }),
    createUsers: Type.Boolean({ description: 'Whether a token may be the first that Nova hears of a user' }),
    validFrom: Type.Union([DateTime, Type.Null()], { description: 'Tokens that were issued earlier are dead' }),
  },
  { ...closed, title: 'TokenSettings' },
);

export const UpdateTokenSettingsInput = Type.Object(
  {
    audience: Type.Optional(Type.String({ maxLength: 255, description: 'An empty text: none' })),
    createUsers: Type.Optional(Type.Boolean()),
  },
  closed,
);

export const RevokeTokensInput = Type.Object({ userId: Type.Optional(Id) }, closed);
export const RevokedTokens = Type.Object({ validFrom: DateTime }, { ...closed, title: 'RevokedTokens' });
