import type { Position } from '../../platform/cursor/index.js';
import type { ReadHandle } from '../../platform/db/index.js';
import { homeSkeleton } from './queries.js';

export interface SkeletonItem {
  readonly id: string;
  readonly createdAt: string;
}

/** Which posts a page of the chronological home feed holds, in order; nothing of their content. */
export async function readSkeleton(
  db: ReadHandle,
  viewerId: string,
  { key, id }: Position,
  limit: number,
): Promise<SkeletonItem[]> {
  return await db.rows(homeSkeleton, { viewerId, beforeAt: key, beforeId: id, limit });
}
