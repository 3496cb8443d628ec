import Type, { type Static } from 'typebox';
import { Id } from '../../../platform/ids/index.js';
import { MAX_VARIANTS } from '../limits.js';

const closed = { additionalProperties: false } as const;

const Kind = Type.Union([Type.Literal('image'), Type.Literal('video'), Type.Literal('audio'), Type.Literal('file')]);
const Pixels = Type.Integer({ minimum: 1, maximum: 100_000 });
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()]);

const HttpsUrl = Type.Refine(
  Type.String({ minLength: 9, maxLength: 2_000, pattern: '^https://[^\\s]+$' }),
  (url) => URL.canParse(url),
  () => 'must be an https address',
);

const variant = {
  name: Type.String({
    pattern: '^[a-z0-9_-]{1,40}$',
    maxLength: 40,
    description: '`thumbnail`, `medium`, `original` ...',
  }),
  url: HttpsUrl,
};
const ContentType = Type.String({ pattern: '^[a-z]+/[a-zA-Z0-9.+-]{1,80}$', maxLength: 100 });
const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Blurhash = Type.String({ minLength: 6, maxLength: 100, pattern: '^[\\x21-\\x7e]+$' });
const Alt = Type.String({ maxLength: 1_000, description: 'What is to be seen or heard, for those who cannot' });

const MediaVariant = Type.Object(
  {
    name: Type.String(),
    url: Type.String(),
    contentType: orNull(Type.String()),
    width: orNull(Type.Integer()),
    height: orNull(Type.Integer()),
    bytes: orNull(Type.Integer()),
  },
  { ...closed, title: 'MediaVariant' },
);

export const Media = Type.Object(
  {
    id: Id,
    ownerId: Id,
    kind: Kind,
    alt: Type.String(),
    blurhash: orNull(Type.String()),
    variants: Type.Array(MediaVariant, { description: 'By name' }),
  },
  { ...closed, title: 'Media', description: 'A picture, video, sound or file that is kept elsewhere' },
);
export type Media = Static<typeof Media>;

const NewVariant = Type.Object(
  {
    ...variant,
    contentType: Type.Optional(ContentType),
    width: Type.Optional(Pixels),
    height: Type.Optional(Pixels),
    bytes: Type.Optional(Bytes),
  },
  { ...closed, title: 'NewMediaVariant' },
);

export const CreateMediaInput = Type.Object(
  {
    ownerId: Id,
    kind: Kind,
    alt: Type.Optional(Alt),
    blurhash: Type.Optional(Blurhash),
    variants: Type.Array(NewVariant, { minItems: 1, maxItems: MAX_VARIANTS }),
  },
  closed,
);

export const OneMediaInput = Type.Object({ mediaId: Id }, closed);
