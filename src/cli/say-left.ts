import { failureText, type Result } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type EpochMs, epochMs, hours, since } from '../kernel/units.ts';
import type { Io } from './io.ts';
import type { Reconciled } from './reconcile.ts';
import { endText, foundText, isWorthTelling } from './tell-left.ts';

export interface SayLeft {
  readonly io: Pick<Io, 'err'>;
  readonly context: string;
  readonly look: (signal: AbortSignal) => Promise<Result<readonly Reconciled[]>>;
  readonly now: EpochMs;
}

/** Who comes to do something else wants to know that there is more, not to read all of it. */
const saidMost = 5;

const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** What it was, when and by whom, what is there now, and where all of it is written down. */
const linesOf = (left: Reconciled, { context, now }: SayLeft): readonly string[] => {
  const { asked, started } = left;
  const ago = Math.ceil(since(epochMs(asked.at), now) / hours(1)) + 1;
  return [
    `midwatch: on ${context}, before this: ${asked.title}, started ${time(started.at)} UTC by ${started.by}; ${endText(left)}`,
    `  ${foundText(left)}`,
    `  look before you do more: midwatch audit show --action ${asked.action} --since ${ago}h`,
  ];
};

/**
 * Says, before a command acts, what was started on this cluster and whose end nobody knows. What is found of it is
 * written down; who comes next is told of the rest.
 */
export const sayLeft = async (deps: SayLeft, signal: AbortSignal): Promise<void> => {
  const { io, look } = deps;
  const say = (text: string): void => io.err(`${clip(plainText(text), 1000)}\n`);
  const left = await look(signal);
  if (!left.ok) {
    say(`midwatch: what was started before cannot be looked up: ${failureText(left.failure)}`);
    return;
  }
  const all = left.value.filter(isWorthTelling);
  for (const one of all.slice(0, saidMost)) for (const text of linesOf(one, deps)) say(text);
  if (all.length > saidMost) {
    say(`midwatch: and ${all.length - saidMost} more: midwatch audit show`);
  }
};
