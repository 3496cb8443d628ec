export { type Cursors, createCursors, type Position } from './cursor.js';
export { DEFAULT_LIMIT, pageInput, pageOf, readPage } from './page.js';
