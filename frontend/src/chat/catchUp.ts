/** Reads what is missing, page by page: one reading at a time, and one more when asked meanwhile. */

import type { MessagePage } from "../api/models";

export class CatchUp<M> {
  #running = false;
  #again = false;
  #closed = false;
  readonly #stop = new AbortController();

  /**
   * @param from the `seq` after which to read, asked before each page
   * @param apply takes each page over; must move `from` on
   * @param failed hears of a failed reading; the next request tries again
   */
  constructor(
    private readonly read: (afterSeq: number, signal: AbortSignal) => Promise<MessagePage<M>>,
    private readonly from: () => number,
    private readonly apply: (page: MessagePage<M>) => void,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  request(): void {
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#readToTheEnd();
      }
    } catch (thrown) {
      if (!this.#closed) this.failed(thrown);
    } finally {
      this.#running = false;
    }
  }

  async #readToTheEnd(): Promise<void> {
    let after = this.from();
    for (;;) {
      const page = await this.read(after, this.#stop.signal);
      if (this.#closed) return;
      this.apply(page);
      const last = page.messages.at(-1) as { seq: number } | undefined;
      if (!page.more || last === undefined || last.seq <= after) return;
      after = last.seq;
    }
  }
}
