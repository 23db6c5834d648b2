import { type Action, actionNamed, actionsShown } from '../actions/catalogue.ts';
import type { Health } from '../findings/finding.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import type { GuardStatus } from './act/effects.ts';
import { type Binding, globalKeys, replayKeys } from './keymap.ts';
import { glassBanner } from './parts/glass-banner.ts';
import type { Glyphs } from './parts/glyphs.ts';
import { headerLine, type LinkStatus } from './parts/header.ts';
import { blank, cutLine, type Line, line, lineWidth, span, spread } from './parts/line.ts';
import { promptLine } from './parts/prompt.ts';
import { stripLine } from './parts/strip.ts';
import { type ReplayStatus, timebar } from './parts/timebar.ts';
import { type Viewport, viewport } from './parts/viewport.ts';
import { placeNow, type Session } from './session.ts';
import { type Content, type Target, textRows, type View, type ViewInput } from './view.ts';

/** Below this the screen says so instead of showing something wrong. */
export const minimum = { columns: 40, rows: 10 } as const;

export interface ScreenInput {
  readonly world: World;
  readonly health: Health;
  readonly session: Session;
  readonly view: View;
  readonly now: EpochMs;
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;
  readonly link: LinkStatus;
  /** Null in live mode. */
  readonly replay: ReplayStatus | null;
  readonly production: boolean;
  readonly guard: GuardStatus;
  /** Why an action on what is under the cursor would be refused, as far as is known; '' when it would not. */
  readonly refused: (action: Action, target: Target) => string;
  /** Completions of the command that is being typed. */
  readonly suggestions: readonly string[];
}

export interface Screen {
  /** Exactly as many as the terminal has rows, none wider than its columns. */
  readonly lines: readonly Line[];
  /** Index of the line under the cursor; -1 when there is none. */
  readonly selected: number;
  readonly content: Content;
  readonly viewport: Viewport;
}

/** Lines of the screen that are not the view's: header, strip, last line, the scrubber in replay, the banner. */
export const frameLines = (replay: boolean, banner: boolean): number =>
  3 + (replay ? 1 : 0) + (banner ? 1 : 0);

/** The whole screen as a pure function of what is known, how it is looked at, the time and the size. */
export const screen = (input: ScreenInput): Screen => {
  const { columns, rows, glyphs, session, view } = input;
  const place = placeNow(session);
  const banner = glassBanner(input.guard, input.now, glyphs, columns);
  const height = Math.max(1, rows - frameLines(input.replay !== null, banner.length > 0));
  const content = contentOf(view, {
    world: input.world,
    session,
    place,
    now: input.now,
    width: columns,
    height,
    glyphs,
  });
  const head = content.head.slice(0, Math.max(0, height - 1));
  const seen = viewport(content.rows, place.cursor, place.top, height - head.length);
  const body: Line[] = [...head];
  if (content.rows.length === 0) body.push(...content.empty.slice(0, height - head.length));
  else {
    const end = Math.min(content.rows.length, seen.top + seen.height);
    for (let i = seen.top; i < end; i += 1) body.push(content.rows.line(i));
  }
  while (body.length < height) body.push(blank);
  const lines = [
    headerLine(input, content.title),
    stripLine(input.health.standings, input.world, input.now, glyphs, columns),
    ...banner,
    ...body,
    ...(input.replay === null ? [] : [timebar(input.replay, columns, glyphs)]),
    lastLine(input, content, seen),
  ].map((l) => cutLine(l, columns));
  const selected = seen.index < 0 ? -1 : 2 + banner.length + head.length + (seen.index - seen.top);
  return { lines, selected, content, viewport: seen };
};

/** A view that fails takes nothing else with it: the rest of the screen stays, and esc leaves. */
const contentOf = (view: View, input: ViewInput): Content => {
  try {
    return view.content(input);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    return {
      title: view.id,
      head: [],
      rows: textRows([]),
      empty: [
        line(' ', span(`this view failed: ${said}`, 'bad')),
        line(' ', span('esc goes back; everything else works on', 'dim')),
      ],
    };
  }
};

const lastLine = (input: ScreenInput, content: Content, seen: Viewport): Line => {
  const { session, glyphs, columns } = input;
  if (session.prompt !== null)
    return promptLine(session.prompt, input.suggestions, columns, glyphs, input.view.filterHint);
  if (session.notice !== null) {
    const { tone, text } = session.notice;
    return line(' ', span(text, tone === 'info' ? 'here' : tone));
  }
  const help = line(keyHint({ keys: ['?'], label: 'help' }, glyphs), ' ');
  const room = columns - lineWidth(help) - 1;
  let out: Line = [span(' ')];
  for (const hint of hints(input, content, seen)) {
    const next = line(out, hint, '  ');
    if (lineWidth(next) > room) continue;
    out = next;
  }
  return spread(out, help, columns);
};

const keyHint = (
  binding: Pick<Binding, 'keys' | 'label'>,
  glyphs: Glyphs,
  closed = false,
): Line => {
  const key = binding.keys[0] === 'enter' ? glyphs.enter : (binding.keys[0] ?? '');
  // In parentheses what would be refused: not by its colour alone.
  return line(
    span(closed ? `(${key})` : key, closed ? 'dim' : 'key'),
    span(` ${binding.label}`, 'dim'),
  );
};

/** Commands that need something under the cursor. */
const aboutOne: readonly string[] = ['proof', 'describe', 'yaml', 'owner', 'node'];

/** Whether a command has something to work on. */
const applies = ({ command }: Binding, target: Target | null): boolean => {
  if (command === 'open') return target?.open !== undefined;
  if (command === 'acknowledge') return target?.alerts !== undefined;
  if (command === 'silence') return target?.silence !== undefined;
  if (command === 'join') return typeof target?.join === 'object';
  if (command === 'about') return target?.related !== undefined;
  return target !== null || !aboutOne.includes(command);
};

/** In replay the keys of the recording would push it off a narrow line: a runbook that is there goes before them. */
const runbookFirst = 89;

const weightOf = (
  { command, weight }: Binding,
  { replay }: ScreenInput,
  target: Target | null,
): number =>
  command === 'runbook' && replay !== null && target?.runbook === true ? runbookFirst : weight;

/** Keys of the view that do something now, under what they do now. */
const ownKeys = ({ view }: ScreenInput, { labels }: Content): readonly Binding[] =>
  labels === undefined
    ? view.keys
    : view.keys.flatMap((b) => {
        const label = labels.get(b.command);
        return label === undefined ? [] : [{ ...b, label }];
      });

/** To join is the action `debug`, whatever its key is called. */
const isJoinRefused = ({ refused }: ScreenInput, target: Target | null): boolean => {
  const debug = actionNamed('debug', target?.object?.resource);
  return debug !== null && target !== null && refused(debug, target) !== '';
};

/** Keys that do something here, most likely first; an action that would be refused keeps its place. */
const hints = (input: ScreenInput, content: Content, seen: Viewport): readonly Line[] => {
  const target = seen.index < 0 ? null : content.rows.target(seen.index);
  const open = [
    ...ownKeys(input, content),
    ...(input.replay === null ? [] : replayKeys),
    ...globalKeys,
  ]
    .filter((b) => b.weight > 0 && b.command !== 'help')
    .filter((b) => applies(b, target) || (content.act?.(b.command) ?? null) !== null)
    .filter((b) => b.command !== 'back' || content.labels === undefined)
    .filter((b) => b.command !== 'back' || input.session.stack.length > 1 || input.session.help)
    .map((b) => ({
      weight: weightOf(b, input, target),
      hint: keyHint(b, input.glyphs, b.command === 'join' && isJoinRefused(input, target)),
    }));
  const resource = target?.object?.resource;
  // A key of the view goes before an action of the same letter.
  const taken = new Set(input.view.keys.flatMap((b) => b.keys));
  const actions = (resource === undefined ? [] : actionsShown(resource))
    .filter((a) => a.keys.some((key) => !taken.has(key)))
    .map((a) => ({
      weight: 55,
      hint: keyHint(
        { keys: a.keys, label: a.title },
        input.glyphs,
        target === null || input.refused(a, target) !== '',
      ),
    }));
  return [...open, ...actions].sort((a, b) => b.weight - a.weight).map(({ hint }) => hint);
};
