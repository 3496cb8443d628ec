/** What a calibration reached. */
export interface RateResult {
  /** Per second. */
  readonly rate: number;
  readonly durationMs: number;
}
