import type { ActEffects } from './act/effects.ts';
import type { LogEffects } from './logs/effects.ts';
import type { Walk } from './runbook/desk.ts';
import type { ObjectRef, Opening, Target } from './view.ts';

/** What the screen may set going outside itself. Only `act` can change a cluster, and it goes through the one door. */
export interface Effects {
  quit(): void;
  suspend(): void;
  redraw(): void;
  /** Puts text on the clipboard of the terminal. */
  copy(text: string): void;
  /** Fetches what a view shows beyond the world, and puts it into the session. */
  load(view: 'describe' | 'yaml', object: ObjectRef): void;
  /** Begins to watch a resource that is not watched already, and ends the one before. */
  focus(resource: string, namespace: string): void;
  /** Says why not, or null when it is under way. */
  switchContext(name: string): string | null;
  setTheme(name: string): string | null;
  /** Notes that somebody takes care of an alert, or takes that back. Says why not, or null when it is under way. */
  acknowledge(note: AcknowledgementNote): string | null;
  /** Goes on in a run of a runbook. Says why not, or null when it is done or under way. */
  walk(walk: Walk): string | null;
  /** Actions, through plan, guards, agreement and audit. */
  readonly act: ActEffects;
  /** Logs, through the same door. */
  readonly logs: LogEffects;
}

/** What a person says of an alert; who and when is added by whoever keeps it. */
export interface AcknowledgementNote {
  readonly fingerprint: string;
  readonly name: string;
  readonly note: string;
  readonly withdrawn: boolean;
}

/** The recording under the screen, in replay. */
export interface ReplayControls {
  toggle(): void;
  step(by: 1 | -1): void;
  /** Goes to the next or previous moment, or mark, and says what it is; null where there is none, at an end. */
  moment(by: 1 | -1, kind?: 'mark'): string | null;
  faster(by: 1 | -1): void;
  ends(to: 'start' | 'end'): void;
  /** Goes to what was typed; says why not, or null. */
  seek(text: string): string | null;
}

/** Ways from one object to another, as the world knows them. */
export interface Links {
  owner(object: ObjectRef): ObjectRef | null;
  node(object: ObjectRef): ObjectRef | null;
  /** The runbook of what is under the cursor; the list of all where no alert is about that. */
  runbook(target: Target | null): Opening;
}
