import { parseDuration } from '../../kernel/duration.ts';
import { failed, failure, failureText, ok, type Result } from '../../kernel/failure.ts';
import { globMatches } from '../../kernel/glob.ts';
import { type EpochMs, epochMs, type Milliseconds } from '../../kernel/units.ts';
import type { WindowWord } from '../guard.ts';
import { type Cron, parseCron } from './cron.ts';
import { nextOnWall } from './cron-next.ts';
import { changeAfter, instantOf, type Zone, zoneOf } from './zone.ts';

/** When a window of the configuration is open. */
export interface OwnSchedule {
  readonly cron: Cron;
  /** On the wall clock: a window from 22:00 for 8h ends at 6:00, also in a night in which clocks are changed. */
  readonly duration: Milliseconds;
  readonly zone: Zone;
}

/** A window of the configuration. */
export interface OwnWindow {
  readonly name: string;
  /** `deny`: nothing is changed while it is open. `allow`: where there are such, one of them has to be open. */
  readonly kind: 'allow' | 'deny';
  /** One that cannot be read is closed: nothing that it is about is changed. */
  readonly schedule: Result<OwnSchedule>;
  /** What it is about, with * as wildcard; [] is all. */
  readonly contexts: readonly string[];
  readonly namespaces: readonly string[];
  readonly actions: readonly string[];
}

export interface OwnWindowText {
  readonly schedule: string;
  readonly duration: string;
  /** IANA name. */
  readonly timeZone: string;
}

const wrong = (why: string): Result<never> =>
  failed(failure('misconfigured', 'read a window', why));

/** Reads what stands in the configuration. */
export const readOwnSchedule = (text: OwnWindowText): Result<OwnSchedule> => {
  const cron = parseCron(text.schedule);
  if (!cron.ok) return cron;
  if (cron.value.zone !== null) return wrong('the time zone belongs in timeZone');
  const duration = parseDuration(text.duration);
  if (duration === null) return wrong(`'${text.duration}' is no time such as 8h or 2d12h`);
  const zone = zoneOf(text.timeZone);
  if (zone === null) return wrong(`there is no time zone ${text.timeZone}`);
  if (nextOnWall(cron.value, Date.UTC(2024, 0, 1)) === null)
    return wrong(`'${text.schedule}' never comes`);
  return ok({ cron: cron.value, duration, zone });
};

const day = 86_400_000;

/** One opening of a window: from `start` on, and before `end`. */
interface Opening {
  readonly start: number;
  readonly end: number;
}

/**
 * The opening that is not yet over at `at`; null when none comes. Where a wall clock shows a time twice, a deny window
 * is the longer of both readings and an allow window the shorter.
 */
const openingAt = (
  { cron, duration, zone }: OwnSchedule,
  kind: OwnWindow['kind'],
  at: number,
): Opening | null => {
  const [first, last] =
    kind === 'deny' ? (['first', 'last'] as const) : (['last', 'first'] as const);
  const wall = at + zone.offset(at);
  // Where clocks are changed near it, a time of the wall may be an instant that is over although it looks later.
  const sure = changeAfter(zone, at - day, at + day) === null ? 0 : day;
  let begin = wall - duration - sure;
  for (;;) {
    const found = nextOnWall(cron, begin);
    if (found === null) return null;
    const end = instantOf(zone, found + duration, last);
    if (end > at) return { start: instantOf(zone, found, first), end };
    begin = found;
  }
};

const isAbout = (globs: readonly string[], name: string): boolean =>
  globs.length === 0 || globs.some((glob) => globMatches(glob, name));

/** Windows that have a word in it. What has no namespace, '', is about those that name none. */
export const windowsAbout = (
  windows: readonly OwnWindow[],
  about: { readonly context: string; readonly namespace: string; readonly action: string },
): readonly OwnWindow[] =>
  windows.filter(
    (w) =>
      isAbout(w.contexts, about.context) &&
      isAbout(w.actions, about.action) &&
      (about.namespace === '' ? w.namespaces.length === 0 : isAbout(w.namespaces, about.namespace)),
  );

const sourceOf = ({ name }: OwnWindow): string => `window "${name}" of the configuration`;

type Said = Pick<WindowWord, 'source' | 'allowed' | 'why'>;

const saidAt = (windows: readonly OwnWindow[], at: number): Said | null => {
  const [first] = windows;
  if (first === undefined) return null;
  const broken = windows.find((w) => !w.schedule.ok);
  if (broken?.schedule.ok === false) {
    const why = failureText(broken.schedule.failure);
    return { source: sourceOf(broken), allowed: false, why: `it cannot be read: ${why}` };
  }
  const open = (window: OwnWindow): boolean => {
    const opening = window.schedule.ok ? openingAt(window.schedule.value, window.kind, at) : null;
    return opening !== null && opening.start <= at;
  };
  const deny = windows.find((w) => w.kind === 'deny' && open(w));
  if (deny !== undefined)
    return { source: sourceOf(deny), allowed: false, why: 'changes are denied while it is open' };
  const allows = windows.filter((w) => w.kind === 'allow');
  const allow = allows.find(open);
  if (allow !== undefined)
    return { source: sourceOf(allow), allowed: true, why: 'changes are allowed while it is open' };
  const [closed] = allows;
  return closed === undefined
    ? { source: sourceOf(first), allowed: true, why: 'no window that denies is open' }
    : {
        source: sourceOf(closed),
        allowed: false,
        why: 'changes are allowed only while it is open',
      };
};

/** Looked at before it is given up: a window of every minute changes nothing for a long time. */
const edgesMost = 500;

const nextChange = (
  windows: readonly OwnWindow[],
  now: EpochMs,
  allowed: boolean,
): EpochMs | null => {
  let at: number = now;
  for (let i = 0; i < edgesMost; i += 1) {
    const edges = windows.flatMap((w) => {
      const opening = w.schedule.ok ? openingAt(w.schedule.value, w.kind, at) : null;
      return opening === null ? [] : [opening.start > at ? opening.start : opening.end];
    });
    if (edges.length === 0) return null;
    at = Math.min(...edges);
    if (saidAt(windows, at)?.allowed !== allowed) return epochMs(at);
  }
  return null;
};

/** What the windows of the configuration say together; null when there are none. */
export const ownWord = (windows: readonly OwnWindow[], now: EpochMs): WindowWord | null => {
  const said = saidAt(windows, now);
  if (said === null) return null;
  const broken = windows.some((w) => !w.schedule.ok);
  return { ...said, changesAt: broken ? null : nextChange(windows, now, said.allowed) };
};
