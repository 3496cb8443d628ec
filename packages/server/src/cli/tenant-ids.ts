import { Id } from '../platform/ids/index.js';
import { compileCheck } from '../platform/operation/index.js';

const isId = compileCheck(Id);

/** An id from the command line. Throws `invalid_request`. */
export function checkId(text: string): string {
  return isId(text);
}
