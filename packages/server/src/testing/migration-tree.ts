import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A directory of migrations of a test's own, in the layout of the source tree. */
export interface MigrationTree {
  readonly root: string;
  /** Version of the nth migration. */
  version(number: number): string;
  put(number: number, sql: string): Promise<void>;
  remove(number: number): Promise<void>;
  drop(): Promise<void>;
}

export async function createMigrationTree(): Promise<MigrationTree> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'nova-migrations-'));
  const version = (number: number): string => String(20_260_101_000_000 + number);
  const file = (number: number): string =>
    path.join(root, number % 2 ? 'domains/a/migrations' : 'platform/b/migrations', `${version(number)}_step.sql`);
  return {
    root,
    version,
    put: async (number, sql) => {
      await mkdir(path.dirname(file(number)), { recursive: true });
      await writeFile(file(number), sql);
    },
    remove: (number) => rm(file(number)),
    drop: () => rm(root, { recursive: true, force: true }),
  };
}
