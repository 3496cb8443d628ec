import { type Column, pg } from '../../platform/db/index.js';
import type { Role } from '../../platform/operation/index.js';

/** A text, of which the table admits the roles only. */
export const roleColumn = pg.text as Column<Role, false>;
