import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const orNull = Type.Union([Type.String(), Type.Null()]);

export const LinkPreview = Type.Object(
  {
    url: Type.String({ description: 'The first link of the post' }),
    title: Type.String(),
    description: orNull,
    imageUrl: orNull,
    siteName: orNull,
  },
  { ...closed, title: 'LinkPreview', description: 'What a page says of itself: show it as text, never as markup' },
);
export type LinkPreview = Static<typeof LinkPreview>;

export const NoInput = Type.Object({}, closed);
export const LinkPreviewSettings = Type.Object(
  { enabled: Type.Boolean({ description: 'Whether links of posts are fetched and previews shown' }) },
  { ...closed, title: 'LinkPreviewSettings' },
);
export const SetLinkPreviewSettingsInput = Type.Object({ enabled: Type.Boolean() }, closed);
