import type { Clock, Random } from '../../kernel/clock.ts';
import type { Scope, Signal } from '../../kernel/fact.ts';
import { type Failure, failureText } from '../../kernel/failure.ts';
import { type Milliseconds, milliseconds, seconds } from '../../kernel/units.ts';

/** Whether somebody looks. Near: ask more often. */
export interface Attention {
  near(): boolean;
  /** Returns what ends it. */
  subscribe(onChange: () => void): () => void;
}

/** What came of one round of questions. */
export interface Told<Data> {
  readonly data: readonly Data[];
  /**
   * `whole` everything was answered. `partly` something of the answers could not be read. `failed` a question was
   * not answered; `data` is what the others said.
   */
  readonly end:
    | { readonly kind: 'whole' }
    | { readonly kind: 'partly'; readonly why: string }
    | { readonly kind: 'failed'; readonly failure: Failure };
}

export interface Polled<Data> {
  readonly scope: Scope;
  readonly near: Milliseconds;
  readonly far: Milliseconds;
  /** `anew`: the first round, and the first after one that was not whole; then a whole answer ends with `listed`. */
  ask(anew: boolean, signal: AbortSignal): Promise<Told<Data>>;
}

export interface PollOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly attention: Attention;
}

/** Longest wait while nobody answers. */
export const rarest: Milliseconds = seconds(60);
/** However often attention changes, rounds are no closer than this. */
const soonest: Milliseconds = seconds(1);

/**
 * Rounds come this share of their rhythm after each other: never later, the answer on its way included, so that what is
 * shown of a source that is asked every 5 s is no older than that because of us; and not all at the same moment.
 */
const earliestShare = 0.8;
const latestShare = 0.96;

/**
 * A source that takes long to answer rests four times as long, within the rhythm of one that nobody looks at: thousands
 * of alerts under rules of inhibition cost an Alertmanager a second of work, and it has others to serve.
 */
const restShare = 4;

/** Asks again and again until the signal aborts, and says what changed, that nothing did, or why nothing is known. */
export const pollSource = async <Data>(
  polled: Polled<Data>,
  { clock, random, attention }: PollOptions,
  emit: (signals: readonly Signal<Data>[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { scope } = polled;
  let anew = true;
  let failures = 0;
  let said = '';
  while (!signal.aborted) {
    const began = clock.now();
    const { data, end } = await polled.ask(anew, signal);
    if (signal.aborted) return;
    const signals: Signal<Data>[] = data.map((d) => ({ kind: 'observed', scope, data: d }));
    if (end.kind === 'failed') {
      failures += 1;
      const text = `${end.failure.kind} ${failureText(end.failure)}`;
      if (text !== said) signals.push({ kind: 'failed', scope, failure: end.failure });
      said = text;
    } else {
      failures = 0;
      said = '';
      if (end.kind === 'partly') signals.push({ kind: 'gap', scope, why: end.why });
      else if (anew) signals.push({ kind: 'synced', scope });
      else if (data.length === 0) signals.push({ kind: 'heard', scope });
    }
    anew = end.kind !== 'whole';
    if (signals.length > 0) emit(signals);
    const share = earliestShare + random() * (latestShare - earliestShare);
    const every = (): number =>
      Math.min(
        rarest,
        (attention.near() ? polled.near : polled.far) * 2 ** Math.max(0, Math.min(failures, 6) - 1),
      ) * share;
    const rest = Math.min(polled.far, (clock.now() - began) * restShare);
    await waitFor({ began, every, rest, clock, attention }, signal);
  }
};

interface Wait {
  readonly began: number;
  /** Milliseconds from the begin of one round to that of the next. */
  readonly every: () => number;
  /** Milliseconds from now on, at least, unless attention comes. */
  readonly rest: number;
  readonly clock: Clock;
  readonly attention: Attention;
}

/** Until the next round is due. Attention that comes makes it due at once; attention that goes, later. */
const waitFor = async (wait: Wait, signal: AbortSignal): Promise<void> => {
  const { began, every, rest, clock, attention } = wait;
  let near = attention.near();
  let due = Math.max(began + every(), clock.now() + rest);
  while (!signal.aborted && clock.now() < due) {
    const changed = new AbortController();
    const stop = (): void => changed.abort();
    signal.addEventListener('abort', stop, { once: true });
    const unsubscribe = attention.subscribe(stop);
    try {
      await clock.sleep(milliseconds(due - clock.now()), changed.signal);
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', stop);
    }
    if (attention.near() === near) continue;
    near = attention.near();
    due = near ? Math.max(began + soonest, clock.now()) : began + every();
  }
};
