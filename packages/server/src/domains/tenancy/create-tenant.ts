import type { Database } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';
import type { Plan, Tenant } from '../../platform/operation/index.js';
import { issueKey } from './issue-key.js';
import { insertTenant } from './queries.js';

export interface CreatedTenant {
  readonly tenant: Tenant & { readonly name: string };
  /** Both are shown this once. */
  readonly publishableKey: string;
  readonly secretKey: string;
}

/** Makes a tenant and its first keys. @param name 1 to 100 characters, for people */
export async function createTenant(
  database: Pick<Database, 'transaction'>,
  { name, plan }: { readonly name: string; readonly plan: Plan },
): Promise<CreatedTenant> {
  const id = newId();
  return await database.transaction(id, async (tx) => {
    await tx.run(insertTenant, { name, plan });
    const publishable = await issueKey(tx, { kind: 'publishable' });
    const secret = await issueKey(tx, { kind: 'secret' });
    return { tenant: { id, name, plan }, publishableKey: publishable.key, secretKey: secret.key };
  });
}
