/** When to ask again for what takes long: first after a while, then ever more rarely. */

export class Reminder {
  #awaited: number | null = null;
  #pause = 0;
  #at = 0;

  /** @param first the pause before the first time to ask, in milliseconds; each later one is twice as long, up to `longest` */
  constructor(
    private readonly first = 15_000,
    private readonly longest = 300_000,
  ) {}

  /**
   * Whether to ask now for the `awaited` message, or for nothing (null). A newer one is asked for as soon as a
   * first one is, and hurries those before it along.
   */
  due(awaited: number | null, now: number): boolean {
    if (awaited === null || this.#awaited === null || awaited > this.#awaited) this.#begin(awaited, now);
    if (awaited === null || now < this.#at) return false;
    this.#pause = Math.min(this.#pause * 2, this.longest);
    this.#at = now + this.#pause;
    return true;
  }

  #begin(awaited: number | null, now: number): void {
    const soonest = this.#awaited === null ? Number.POSITIVE_INFINITY : this.#at;
    this.#awaited = awaited;
    this.#pause = this.first;
    this.#at = Math.min(soonest, now + this.first);
  }
}
