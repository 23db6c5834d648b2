import type { Signal } from '../../src/kernel/fact.ts';
import type { SourcePort } from '../../src/kernel/ports.ts';
import { until } from './until.ts';

/** Everything that a source tells, in order, until it is stopped. */
export interface ToldSignals<Data> {
  readonly signals: readonly Signal<Data>[];
  /** Data of the observed signals, of one scope or of all. */
  data(scope?: string): readonly Data[];
  kinds(scope?: string): readonly string[];
  /** Waits until the condition holds of what was told. */
  until(what: string, condition: () => boolean, deadlineMs?: number): Promise<void>;
  /** Forgets what was told so far. */
  forget(): void;
  stop(): Promise<void>;
}

export const toldSignals = <Data>(source: SourcePort<Data>): ToldSignals<Data> => {
  const stop = new AbortController();
  const signals: Signal<Data>[] = [];
  let broken: unknown;
  const running = source
    .watch((more) => signals.push(...more), stop.signal)
    .catch((error: unknown) => {
      broken = error;
    });
  const of = (scope?: string) => signals.filter((s) => scope === undefined || s.scope === scope);
  return {
    signals,
    data: (scope) => of(scope).flatMap((s) => (s.kind === 'observed' ? [s.data] : [])),
    kinds: (scope) => of(scope).map((s) => s.kind),
    until: (what, condition, deadlineMs) =>
      until(
        what,
        () => {
          if (broken !== undefined) throw broken;
          return condition();
        },
        deadlineMs,
      ),
    forget: () => {
      signals.length = 0;
    },
    stop: async () => {
      stop.abort();
      await running;
      if (broken !== undefined) throw broken;
    },
  };
};
