import type { SystemHandle } from '../db/index.js';
import { forgetType as forget } from './queries.js';

/**
 * Takes back that a consumer wants a type, when the version that did is not coming back: the version before then runs
 * the consumer again, and passes events of that type.
 *
 * @returns whether it wanted it
 */
export async function forgetType(system: SystemHandle, consumer: string, type: string): Promise<boolean> {
  return (await system.run(forget, { consumer, type })) > 0;
}
