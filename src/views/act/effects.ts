import type { PreviewOf } from '../../actions/preview.ts';
import type { Intent } from '../../kernel/act.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Given } from './questions.ts';

/** Whether this session may change anything, and whether the glass is broken. */
export interface GuardStatus {
  readonly mode: 'read-only' | 'guarded';
  readonly glass: {
    readonly by: string;
    readonly reason: string;
    readonly ticket: string;
    readonly until: EpochMs;
  } | null;
}

/** What the screen may ask of the one door to the outside. What follows from it is told to the session. */
export interface ActEffects {
  /**
   * Asks for what is still missing, then for the action. Says why not, or null when it is under way.
   * What was asked for before and has not begun is declined.
   */
  begin(intent: Intent): string | null;
  /** All questions of an act are answered. */
  agree(act: string, given: Given): string | null;
  /**
   * Looks whether another person has agreed: by a code of theirs, or, where it is '', by what is written down. What is
   * found is told to the session.
   */
  approve(act: string, code: string): void;
  /** The person turns away from the present one before it has begun. */
  leave(): void;
  /** Gives up what is running: nothing more is sent. */
  abort(act: string): void;
  breakGlass(reason: string, ticket: string): string | null;
  mendGlass(): string | null;
  status(): GuardStatus;
  /** What guards would say to it, as far as that is known without asking anybody. */
  preview(intent: Intent): PreviewOf;
}

/** Effects of a screen that can do nothing, and says why. */
export const noActs = (why: string): ActEffects => ({
  begin: () => why,
  agree: () => why,
  approve: () => undefined,
  leave: () => undefined,
  abort: () => undefined,
  breakGlass: () => why,
  mendGlass: () => why,
  status: () => ({ mode: 'read-only', glass: null }),
  preview: () => ({ kind: 'unknown' }),
});
