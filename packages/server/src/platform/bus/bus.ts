/**
 * Tells other parts of Nova, in this process and in others, that something happened. A message is a hint: it may be
 * lost with a connection or come twice, so whoever hears it reads what is true from PostgreSQL, and looks again when
 * told of a gap.
 */
export interface Bus {
  /**
   * Call after the commit of what it is about. Never fails and never waits; equal messages within a few ms are one.
   *
   * @param topic up to 100 of `a-z 0-9 . _ -`
   * @param payload a short string, usually an id; beyond the cap of the implementation it goes without
   */
  publish(topic: string, payload?: string): void;
  /** @returns ends the subscription */
  subscribe(topic: string, handler: BusHandler, options?: SubscribeOptions): () => void;
  /** Sends what is under way, for a bounded time, and ends all subscriptions. */
  close(): Promise<void>;
}

/** No payload: something of the topic happened, anything. Must not throw; what it throws is only logged. */
export type BusHandler = (payload: string | undefined) => void;

export interface SubscribeOptions {
  /** Messages of other processes may have been missed. */
  readonly onGap?: () => void;
}

export interface BusMetrics {
  published(topic: string): void;
  delivered(topic: string): void;
  gap(): void;
}
