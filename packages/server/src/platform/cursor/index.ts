export { type Cursors, createCursors, type Position } from './cursor.js';
export { DEFAULT_LIMIT, pageInput, pageOf, readPage, START } from './page.js';
