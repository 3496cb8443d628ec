import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from './metrics.js';

const open: Metrics[] = [];
function metricsForTest(): Metrics {
  const metrics = createMetrics({ processId: 7, version: '1.2.3' });
  open.push(metrics);
  return metrics;
}
afterEach(() => {
  for (const metrics of open.splice(0)) metrics.close();
});

async function lines(metrics: Metrics): Promise<string[]> {
  return (await metrics.text()).split('\n');
}

describe('createMetrics', () => {
  it('exposes what was recorded', async () => {
    const metrics = metricsForTest();
    metrics.recordHttpRequest('/api/v1/feed', 'GET', 200, 30);
    metrics.recordHttpRequest('/api/v1/feed', 'GET', 200, 70);
    metrics.recordHttpRequest('/api/v1/feed', 'BREW', 405, 1);
    metrics.recordQuery({ query: 'feed.candidates', role: 'app', outcome: 'ok', durationMs: 2 });
    metrics.recordBreakerTransition('postgres', 'closed', 'open');
    metrics.recordShed('writers');
    metrics.recordRateLimited('free', 'tenant');
    metrics.recordOutboxLag('notifications', { events: 12, ageMs: 2500, level: 'WARNING' });
    metrics.recordOutboxHandled('notifications', 3);
    metrics.recordOutboxFailure('notifications', 'set_aside');
    metrics.recordCountDrift('followers', 100, 2);
    const text = await lines(metrics);
    expect(text).toEqual(
      expect.arrayContaining([
        'nova_http_request_duration_seconds_bucket{le="0.025",route="/api/v1/feed",method="GET",status="200"} 0',
        'nova_http_request_duration_seconds_bucket{le="0.05",route="/api/v1/feed",method="GET",status="200"} 1',
        'nova_http_request_duration_seconds_sum{route="/api/v1/feed",method="GET",status="200"} 0.1',
        'nova_http_request_duration_seconds_count{route="/api/v1/feed",method="GET",status="200"} 2',
        'nova_http_request_duration_seconds_count{route="/api/v1/feed",method="other",status="405"} 1',
        'nova_db_query_duration_seconds_count{query="feed.candidates",role="app",outcome="ok"} 1',
        'nova_breaker_transitions_total{breaker="postgres",from="closed",to="open"} 1',
        'nova_shed_total{reason="writers"} 1',
        'nova_rate_limited_total{plan="free",scope="tenant"} 1',
        'nova_outbox_lag_events{consumer="notifications"} 12',
        'nova_outbox_lag_seconds{consumer="notifications"} 2.5',
        'nova_outbox_health{consumer="notifications"} 1',
        'nova_outbox_handled_total{consumer="notifications"} 3',
        'nova_outbox_failures_total{consumer="notifications",kind="set_aside"} 1',
        'nova_count_drift_sampled{count="followers"} 100',
        'nova_count_drift_rows{count="followers"} 2',
        `nova_process_info{process="7",version="1.2.3",node="${process.version}"} 1`,
      ]),
    );
    expect(text.filter((line) => line.startsWith('nova_event_loop_delay_seconds{'))).toHaveLength(3);
    expect(text.find((line) => line.startsWith('process_cpu_seconds_total '))).toMatch(/ 0?\.?\d/);
    expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('keeps each line of the format well formed', async () => {
    const metrics = metricsForTest();
    metrics.recordHttpRequest('/with"quote\\and\nnewline', 'GET', 200, 1);
    for (const line of (await metrics.text()).split('\n')) {
      expect(line).toMatch(/^(|# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="([^"\\\n]|\\.)*",?)*\})? [-+0-9.eE]+|.* \+Inf)$/);
    }
  });

  it('counts what a cache does', async () => {
    const metrics = metricsForTest();
    const cache = metrics.cache('feed');
    cache.hit();
    cache.hit();
    cache.miss();
    cache.stale();
    cache.coalesced();
    cache.load(4, 'ok');
    cache.load(4, 'error');
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'nova_cache_requests_total{cache="feed",result="hit"} 2',
        'nova_cache_requests_total{cache="feed",result="miss"} 1',
        'nova_cache_requests_total{cache="feed",result="stale"} 1',
        'nova_cache_requests_total{cache="feed",result="coalesced"} 1',
        'nova_cache_load_duration_seconds_count{cache="feed",outcome="ok"} 1',
        'nova_cache_load_duration_seconds_count{cache="feed",outcome="error"} 1',
      ]),
    );
  });

  it('reads what is watched at each scrape, and forgets what is not', async () => {
    const metrics = metricsForTest();
    let inUse = 1;
    let state: 'closed' | 'open' = 'closed';
    const unwatch = metrics.watchPool('writers', () => ({ limit: 8, open: 4, inUse, waiting: 0 }));
    metrics.watchQueue('password_hash', () => ({ running: 2, waiting: 5, limit: 64 }));
    metrics.watchCache('sessions', () => ({ entries: 10, bytes: 2048 }));
    metrics.watchBreaker('postgres', () => state);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'nova_db_pool_limit{pool="writers"} 8',
        'nova_db_pool_open{pool="writers"} 4',
        'nova_db_pool_in_use{pool="writers"} 1',
        'nova_db_pool_waiting{pool="writers"} 0',
        'nova_queue_waiting{queue="password_hash"} 5',
        'nova_cache_entries{cache="sessions"} 10',
        'nova_cache_bytes{cache="sessions"} 2048',
        'nova_breaker_state{breaker="postgres"} 0',
      ]),
    );
    inUse = 8;
    state = 'open';
    const later = await lines(metrics);
    expect(later).toContain('nova_db_pool_in_use{pool="writers"} 8');
    expect(later).toContain('nova_breaker_state{breaker="postgres"} 2');
    unwatch();
    expect(await metrics.text()).not.toContain('pool="writers"');
  });

  it('does not let the owner of an old reader remove a new one', async () => {
    const metrics = metricsForTest();
    const reading = { limit: 1, open: 0, inUse: 0, waiting: 0 };
    const unwatchOld = metrics.watchPool('p', () => reading);
    metrics.watchPool('p', () => ({ ...reading, limit: 2 }));
    unwatchOld();
    expect(await lines(metrics)).toContain('nova_db_pool_limit{pool="p"} 2');
  });

  it('keeps two servers in one process apart', async () => {
    const [one, two] = [metricsForTest(), metricsForTest()];
    one.recordShed('readers');
    expect(await one.text()).toContain('reason="readers"');
    expect(await two.text()).not.toContain('reason="readers"');
  });
});
