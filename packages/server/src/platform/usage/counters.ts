/** What is counted for each tenant and UTC day. A new subject adds a line; `counts` of a write operation names it. */
export const USAGE_COUNTERS = ['requests', 'rejectedRequests', 'activeUsers', 'usersCreated', 'postsCreated'] as const;

export type UsageCounter = (typeof USAGE_COUNTERS)[number];
