/** Four hexadecimal digits' worth, half a megabyte: few enough to forget nothing, many enough to confuse few. */
const SLOTS = 65_536;
const DIGITS = 4;

/**
 * Tells whether something was noted of a user, a signing key or a tenant since a moment. Ids share slots by their last digits,
 * which are random in them: two that share one cost each other a look-up, and no answer is ever too old. So it costs two
 * reads of an array a request, and the same memory however many users there are.
 */
export class PrincipalChanges {
  readonly #changedAt = new Float64Array(SLOTS);
  #moment = 0;

  /** To be taken before a look-up begins, and kept with what it finds. */
  get moment(): number {
    return this.#moment;
  }

  /** What was kept of these subjects before now is old. */
  note(ids: readonly string[]): void {
    this.#moment += 1;
    for (const id of ids) this.#changedAt[slotOf(id)] = this.#moment;
  }

  /** Whether what was looked up at that moment still holds, as far as these slots tell. */
  unchanged(since: number, slot: number, otherSlot: number, third = slot): boolean {
    const changedAt = this.#changedAt;
    return (changedAt[slot] ?? 0) <= since && (changedAt[otherSlot] ?? 0) <= since && (changedAt[third] ?? 0) <= since;
  }
}

/** Where the changes of a subject are noted. */
export function slotOf(id: string): number {
  return Number.parseInt(id.slice(-DIGITS), 16);
}
