import type { ActArgs, ActSubject, Intent } from '../kernel/act.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import type { Binding, CommandId } from './keymap.ts';
import type { Glyphs } from './parts/glyphs.ts';
import type { Line } from './parts/line.ts';
import type { RunbookFinder, Walk } from './runbook/desk.ts';
import type { Place, Prompt, Session } from './session.ts';

/** One object of a cluster, whatever its kind. */
export interface ObjectRef {
  /** Plural resource name, e.g. `pods`; with the group where it is not a built-in kind: `certificates.cert-manager.io`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** A place to go to. */
export interface Opening {
  readonly view: string;
  readonly args: Readonly<Record<string, string>>;
  /** Takes the place of the present one: another choice, not one step further. */
  readonly instead?: true;
}

/** What a row leads to when it is opened, and what object the keys of actions are about. */
export interface Target {
  readonly open?: Opening;
  readonly object?: ObjectRef;
  /** What actions are about, where that is not the object. */
  readonly subject?: ActSubject;
  /** Inputs with which the debug container is joined again; in words why it cannot be. */
  readonly join?: ActArgs | string;
  /** Inputs of actions that are known from where one stands. */
  readonly args?: ActArgs;
  /** What stands for `{name}`s in the command of a closed action. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Arguments of the view `proof`; without them the row's key is that of a finding. */
  readonly proof?: Readonly<Record<string, string>>;
  /** Alerts that an acknowledgement or a silence asked for here is about. */
  readonly alerts?: () => readonly AlertRef[];
  /** Arguments of the view `silence`. */
  readonly silence?: Readonly<Record<string, string>>;
  /** Whether its alert leads to a runbook. */
  readonly runbook?: boolean;
  /** What it is about, where that is no more than looked at. */
  readonly related?: Opening;
}

/** An alert, as far as acknowledging it needs to know. */
export interface AlertRef {
  readonly fingerprint: string;
  readonly name: string;
  readonly acknowledged: boolean;
}

/** Rows of a view, painted only when they are seen: there may be a hundred thousand. */
export interface Rows {
  readonly length: number;
  /** Stable over time: the cursor stays on the key while the order changes. */
  key(index: number): string;
  selectable(index: number): boolean;
  target(index: number): Target | null;
  line(index: number): Line;
  /** -1 when the key is not there. */
  indexOf(key: string): number;
}

export interface Content {
  /** Name of this place in the breadcrumbs, with what narrows it: `pods(payments)`. */
  readonly title: string;
  /** Stays above the rows. */
  readonly head: readonly Line[];
  readonly rows: Rows;
  /** Instead of the rows when there are none: why it is empty and what would fill it. */
  readonly empty: readonly Line[];
  /** What the view's own keys do now, where that changes; one that is not in it does nothing now. */
  readonly labels?: ReadonlyMap<CommandId, string>;
  /** What keys do here beyond what they do everywhere; null leaves a key to that. */
  readonly act?: (command: CommandId) => Act | null;
}

/** What a key comes to in a view that has its own meaning for it. */
export type Act =
  /** Arguments of the place change: it is looked at otherwise. '' takes one away. */
  | { readonly kind: 'look'; readonly args: Readonly<Record<string, string>> }
  /** Something is to happen in a run of a runbook; `args` as above. */
  | {
      readonly kind: 'walk';
      readonly walk: Walk;
      readonly args?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'ask'; readonly prompt: Prompt }
  /** An action is asked for. */
  | { readonly kind: 'begin'; readonly intent: Intent }
  | { readonly kind: 'say'; readonly text: string };

/** All that a view may know. The same input gives the same content. */
export interface ViewInput {
  readonly world: World;
  readonly session: Session;
  readonly place: Place;
  readonly now: EpochMs;
  readonly width: number;
  /** Lines for head and rows together. */
  readonly height: number;
  readonly glyphs: Glyphs;
  /** Finds the runbook of an alert, where there is a library of them. */
  readonly runbook?: RunbookFinder;
}

export interface View {
  readonly id: string;
  /** For people, in help and completion. */
  readonly title: string;
  /** Names in command mode. */
  readonly aliases: readonly string[];
  /** Digit that opens it from the strip. */
  readonly digit?: string;
  /** The view that `/` opens, where this one is too short to be filtered itself. */
  readonly filtersIn?: string;
  /** What may be typed after `/`, where that is more than elsewhere. */
  readonly filterHint?: string;
  /** Keys that mean something only here; the rest is global. */
  readonly keys: readonly Binding[];
  content(input: ViewInput): Content;
}

/** Rows from a plain list, for views whose rows are few. */
export interface PlainRow {
  readonly key: string;
  readonly line: Line;
  readonly selectable?: boolean;
  readonly target?: Target;
}

export const rowsOf = (list: readonly PlainRow[]): Rows => ({
  length: list.length,
  key: (i) => list[i]?.key ?? '',
  selectable: (i) => list[i]?.selectable ?? false,
  target: (i) => list[i]?.target ?? null,
  line: (i) => list[i]?.line ?? [],
  indexOf: (key) => list.findIndex((row) => row.key === key),
});

/** Rows that are only read and scrolled. */
export const textRows = (lines: readonly Line[]): Rows => ({
  length: lines.length,
  key: (i) => String(i),
  selectable: () => false,
  target: () => null,
  line: (i) => lines[i] ?? [],
  indexOf: (key) => Number(key),
});
