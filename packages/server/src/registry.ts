import { contentErrors, contentPersonalData, contentQueries } from './domains/content/index.js';
import { feedErrors, feedPersonalData, feedQueries } from './domains/feed/index.js';
import { graphErrors, graphPersonalData, graphQueries } from './domains/graph/index.js';
import {
  identityErrors,
  identityPersonalData,
  identityQueries,
  keptInTexts,
  keptOfUsers,
} from './domains/identity/index.js';
import { tenancyErrors, tenancyQueries } from './domains/tenancy/index.js';
import { databaseQueries, type Query } from './platform/db/index.js';
import { type ErrorCatalogue, mergeCatalogues, platformErrors } from './platform/errors/index.js';
import { idempotencyPersonalData, idempotencyQueries } from './platform/idempotency/index.js';
import { mailQueries } from './platform/mail/index.js';
import { maintenanceQueries } from './platform/maintenance/index.js';
import { outboxQueries } from './platform/outbox/index.js';
import { pageCachePersonalData, pageCacheQueries } from './platform/page-cache/index.js';
import type { PersonalData } from './platform/personal-data/index.js';
import { tenantTransferQueries } from './platform/tenant-transfer/index.js';
import { usageQueries } from './platform/usage/index.js';

/* What the parts of the product declare of themselves, brought together for those who must know all of it. */

/** Every error that a caller may meet, by code. */
export function errorCatalogue(): ErrorCatalogue {
  return mergeCatalogues(
    [platformErrors, tenancyErrors, identityErrors, graphErrors, contentErrors, feedErrors].map(
      (errors) => errors.catalogue,
    ),
  );
}

/** Every SQL statement of the product, by name. */
export function namedQueries(): readonly Query[] {
  const queries = [
    ...Object.values(databaseQueries),
    ...Object.values(idempotencyQueries),
    ...Object.values(mailQueries),
    ...Object.values(maintenanceQueries),
    ...Object.values(outboxQueries),
    ...Object.values(pageCacheQueries),
    ...Object.values(tenantTransferQueries),
    ...Object.values(usageQueries),
    ...tenancyQueries,
    ...identityQueries,
    ...graphQueries,
    ...contentQueries,
    ...feedQueries,
  ] as Query[];
  const names = new Set<string>();
  for (const { name } of queries) {
    if (names.has(name)) throw new Error(`query ${name} is declared twice`);
    names.add(name);
  }
  return queries;
}

/** What is held of users beside the accounts themselves. */
export const PERSONAL_DATA: readonly PersonalData[] = [
  graphPersonalData,
  contentPersonalData,
  feedPersonalData,
  pageCachePersonalData,
  idempotencyPersonalData,
];

/** What becomes of each table that names users when one of them is erased. */
export function personalDataTables(): {
  readonly erased: readonly string[];
  readonly kept: Readonly<Record<string, string>>;
  readonly keptInTexts: Readonly<Record<string, string>>;
} {
  const erased = [identityPersonalData, ...PERSONAL_DATA].flatMap(({ tables }) => tables);
  return { erased, kept: keptOfUsers, keptInTexts };
}
