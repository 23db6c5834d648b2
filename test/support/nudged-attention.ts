import type { Attention } from '../../src/adapters/http/poll-source.ts';

export interface NudgedAttention extends Attention {
  set(near: boolean): void;
  nudge(): void;
  /** Sources that rest between two rounds: only then they listen. */
  readonly resting: number;
}

/** Somebody who looks away and back, so that a source is asked as soon as it may be. */
export const nudgedAttention = (): NudgedAttention => {
  const waiting = new Set<() => void>();
  let near = true;
  const set = (next: boolean): void => {
    near = next;
    for (const tell of [...waiting]) tell();
  };
  return {
    near: () => near,
    get resting() {
      return waiting.size;
    },
    subscribe: (onChange) => {
      waiting.add(onChange);
      return () => waiting.delete(onChange);
    },
    set,
    // Who waits wakes in a microtask, so that both changes are seen.
    nudge: () => {
      set(false);
      queueMicrotask(() =>
        queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => set(true)))),
      );
    },
  };
};
