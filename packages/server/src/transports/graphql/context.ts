import type { Call } from '../../platform/operation/index.js';
import type { EdgeBatches } from './batching.js';

/** What resolvers share during one request. */
export interface GraphqlContext {
  readonly call: Call;
  readonly edges: EdgeBatches;
  /** Before the operation of a root field: counts it against the plan, or throws `rate_limited`. */
  readonly admit: () => void;
}
