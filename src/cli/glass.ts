import type { ActFact } from '../kernel/act-fact.ts';
import { glassAt } from '../kernel/acts.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';
import { after, hours, type Milliseconds, minutes } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { acts } from '../probes/acts.ts';

/** Long enough for what has to be done at once; whoever needs more breaks it again, with a reason. */
export const glassTime: Milliseconds = minutes(30);
const longest = hours(4);
const reasonLeast = 10;

export interface GlassDeps {
  readonly context: string;
  readonly by: string;
  readonly clock: Clock;
  readonly world: () => World;
  readonly audit: (facts: readonly ActFact[]) => Promise<Result<void>>;
  readonly newId: () => string;
}

/** The glass of one context: it opens what a reason opens, for a while, and everybody sees it. */
export const glassOf = ({ context, by, clock, world, audit, newId }: GlassDeps) => ({
  /** Resolves when it is written down, or with why it is whole. */
  breakIt: async (
    reason: string,
    ticket: string,
    time: Milliseconds = glassTime,
  ): Promise<Result<void>> => {
    const no = (why: string): Result<never> => failed(failure('forbidden', 'break the glass', why));
    if (reason.trim().length < reasonLeast) {
      return no(`say why, in ${reasonLeast} characters or more`);
    }
    if (ticket.trim() === '') return no('name the ticket or the incident');
    if (!(time > 0 && time <= longest)) return no('it stays broken for 4 hours at most');
    const at = clock.now();
    return await audit([
      {
        kind: 'glass-broken',
        act: newId(),
        at,
        by,
        context,
        reason: reason.trim(),
        ticket: ticket.trim(),
        until: after(at, time),
      },
    ]);
  },
  mend: async (): Promise<Result<void>> => {
    const broken = glassAt(sliceOf(world(), acts).state, context, clock.now());
    if (broken === null) return failed(failure('absent', 'mend the glass', 'it is whole'));
    const at = clock.now();
    const why = 'it is not needed any more';
    return await audit([{ kind: 'glass-mended', act: broken.act, at, by, context, why }]);
  },
});
