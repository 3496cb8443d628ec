import Type from 'typebox';
import { pageInput, pageOf } from '../../../platform/cursor/index.js';
import { Id } from '../../../platform/ids/index.js';

const closed = { additionalProperties: false } as const;

const ExportedItem = Type.Object(
  {
    section: Type.String({ maxLength: 50, description: 'What it is: profile, sessions, following, posts, likes ...' }),
    data: Type.Object({}, { additionalProperties: true, description: 'As it is held; its fields differ by section' }),
  },
  { ...closed, title: 'ExportedItem' },
);

export const ExportMeInput = Type.Object(pageInput, closed);
export const ExportUserInput = Type.Object({ userId: Id, ...pageInput }, closed);
export const ExportPage = pageOf(ExportedItem);
