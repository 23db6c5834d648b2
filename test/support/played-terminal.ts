import type { AttachedTerminal } from '../../src/kernel/effect-ports.ts';
import { until } from './until.ts';

/** A person's side of a terminal, played by a test. */
export class PlayedTerminal implements AttachedTerminal {
  #written = '';
  #size = { columns: 80, rows: 24 };
  #left = false;
  #wake: () => void = () => {};
  readonly #typed: Uint8Array[] = [];
  readonly #resized = new Set<() => void>();
  readonly #decoder = new TextDecoder();
  readonly input: AsyncIterable<Uint8Array>;

  constructor() {
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        this.#wake = resolve;
      });
    const typed = this.#typed;
    const left = () => this.#left;
    this.input = {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const chunk = typed.shift();
          if (chunk !== undefined) yield chunk;
          else if (left()) return;
          else await next();
        }
      },
    };
  }

  write(bytes: Uint8Array): void {
    this.#written += this.#decoder.decode(bytes, { stream: true });
  }

  size(): { readonly columns: number; readonly rows: number } {
    return this.#size;
  }

  onResize(listener: () => void): () => void {
    this.#resized.add(listener);
    return () => this.#resized.delete(listener);
  }

  type(text: string): void {
    this.#typed.push(new TextEncoder().encode(text));
    this.#wake();
  }

  /** The person goes, without a word to what runs over there. */
  leave(): void {
    this.#left = true;
    this.#wake();
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    for (const listener of [...this.#resized]) listener();
  }

  get resizeListeners(): number {
    return this.#resized.size;
  }

  text(): string {
    return this.#written;
  }

  async shows(what: string | RegExp, withinMs = 60_000): Promise<void> {
    const there = () =>
      typeof what === 'string' ? this.#written.includes(what) : what.test(this.#written);
    await until(`the terminal shows ${what}`, there, withinMs).catch((cause: unknown) => {
      throw new Error(
        `${cause instanceof Error ? cause.message : String(cause)}; it shows:\n${this.#written}`,
      );
    });
  }
}
