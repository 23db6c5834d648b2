import { everywhere, type Scope, type Signal } from '../../kernel/fact.ts';
import type { Failure } from '../../kernel/failure.ts';
import { keyOf, type Slim } from '../../kernel/kind.ts';
import type { WorkerWatch } from './worker-port.ts';

const within = (scope: Scope, key: string): boolean => scope === '' || key.startsWith(`${scope}/`);

/**
 * A watch as the painting thread remembers it: enough to start it again in another worker, and then to tell what
 * was deleted in between, which the new worker cannot know.
 */
export class PortWatch {
  readonly watch: WorkerWatch;
  readonly #emit: (signals: readonly Signal[]) => void;
  readonly #keys = new Set<string>();
  readonly #scopes = new Set<Scope>();
  /** Keys told by a worker that is gone, and not yet by its successor. */
  #unconfirmed: Set<string> | null = null;

  constructor(watch: WorkerWatch, emit: (signals: readonly Signal[]) => void) {
    this.watch = watch;
    this.#emit = emit;
  }

  receive(signals: readonly Signal[]): void {
    for (const signal of signals) this.#note(signal);
    this.#emit(this.#unconfirmed === null ? signals : signals.flatMap((s) => this.#confirm(s)));
  }

  /** The worker is gone: every scope says so, and its successor has to confirm every key. */
  lost(failure: Failure): void {
    this.#unconfirmed = new Set(this.#keys);
    const scopes = this.#scopes.size === 0 ? [everywhere] : [...this.#scopes];
    this.#emit(scopes.map((scope) => ({ kind: 'failed', scope, failure })));
  }

  #note(signal: Signal): void {
    this.#scopes.add(signal.scope);
    if (signal.kind !== 'observed') return;
    const data = signal.data as { readonly put: Slim } | { readonly del: string } | object;
    if ('put' in data) {
      const key = keyOf(data.put);
      this.#keys.add(key);
      this.#unconfirmed?.delete(key);
    } else if ('del' in data) {
      this.#keys.delete(data.del);
      this.#unconfirmed?.delete(data.del);
    }
  }

  /** Before a scope is complete again: what of it did not come back. */
  #confirm(signal: Signal): readonly Signal[] {
    const pending = this.#unconfirmed;
    if (signal.kind !== 'synced' || pending === null) return [signal];
    const { scope } = signal;
    const gone = [...pending].filter((key) => within(scope, key));
    for (const key of gone) {
      pending.delete(key);
      this.#keys.delete(key);
    }
    if (scope === everywhere) this.#unconfirmed = null;
    return [...gone.map((del): Signal => ({ kind: 'observed', scope, data: { del } })), signal];
  }
}
