import { type Facts, known } from '../../src/actions/guard.ts';
import { guards } from '../../src/actions/guards/index.ts';
import { actions } from '../../src/actions/index.ts';
import { openPipeline } from '../../src/actions/pipeline.ts';
import { type PolicyClass, usualClass } from '../../src/actions/policy.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { type LogEffectsDeps, logEffects } from '../../src/cli/log-effects.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { withLogs } from '../../src/cli/with-logs.ts';
import { type ActPlan, type EffectRequest, rightText } from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import type { LogItem } from '../../src/kernel/effect-ports.ts';
import { ok, type Result } from '../../src/kernel/failure.ts';
import { type Bytes, bytes, milliseconds, minutes } from '../../src/kernel/units.ts';
import { noActs } from '../../src/views/act/effects.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';
import { noPorts, noReads, sceneOf } from './act-on.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { now } from './objects.ts';
import { badEvening } from './view-world.ts';

export type LogsRequest = Extract<EffectRequest, { kind: 'logs' }>;
type Emit = (items: readonly LogItem[]) => void;

/** Windows of a quarter of an hour, so that a longer one has to be explained. */
export const strict: PolicyClass = {
  ...usualClass,
  name: 'strict',
  logs: { ...usualClass.logs, since: minutes(10), sinceMax: minutes(15), followMax: minutes(30) },
};

export interface LogStageOptions {
  readonly policy?: PolicyClass;
  readonly ascii?: boolean;
  readonly sealed?: string;
  readonly facts?: Partial<Facts>;
  readonly deps?: Partial<LogEffectsDeps>;
}

const nothing = (): void => undefined;

/** The screen over a real pipeline with all guards; what containers say is written by the test. */
export const logStage = (options: LogStageOptions = {}) => {
  const { policy = strict, ascii = false, sealed = '' } = options;
  const clock = new FakeClock(now);
  const ended = new AbortController();
  const audit: ActFact[] = [];
  const asked: LogsRequest[] = [];
  const copied: string[] = [];
  const saved: (readonly [string, readonly string[]])[] = [];
  const attached: (readonly string[])[] = [];
  /** Logs that are being read, the latest last. */
  const open: {
    readonly emit: Emit;
    readonly end: (result?: Result<Bytes>) => void;
    readonly signal: AbortSignal;
  }[] = [];
  const world = badEvening();
  const factsOf = (plan: ActPlan): Facts => ({
    mode: 'read-only',
    production: false,
    policy,
    identity: known('ana@corp'),
    rights: new Map(plan.rights.map((right) => [rightText(right), known(true)])),
    uid: known(plan.subject.kind === 'object' ? (plan.subject.uid ?? '') : ''),
    windows: known([]),
    used: { bytes: 0, streams: 0 },
    writes: [],
    glass: null,
    approval: known(null),
    audit: known(true),
    ...options.facts,
  });
  const session = new SessionStore(newSession(placeOf('explorer', { resource: 'pods' })));
  let id = 0;
  const pipeline = openPipeline({
    actions: actions.map((a) => {
      const { prepare: _, ...rest } = a;
      return rest;
    }),
    guards,
    clock,
    audit: async (facts) => {
      audit.push(...facts);
      return ok(undefined);
    },
    by: 'ana@corp (ana on bastion-1)',
    process: '',
    scene: () => sceneOf(world, { now: clock.now(), policy }),
    gather: async (plan) => factsOf(plan),
    ports: {
      ...noPorts,
      logs: (request, emit, signal) => {
        asked.push(request);
        return new Promise((resolve) => {
          const end = (result: Result<Bytes> = ok(bytes(0))) => resolve(result);
          signal.addEventListener('abort', () => end(), { once: true });
          open.push({ emit, end, signal });
        });
      },
    },
    reads: noReads,
    newId: () => `act-${++id}`,
  });
  const logs = logEffects(
    {
      pipeline,
      session,
      clock,
      sealed,
      approved: async () => ok(null),
      save: async (path, lines) => {
        const all = [...lines];
        saved.push([path, all]);
        return ok({ path, lines: all.length });
      },
      attach: async (_, lines) => {
        attached.push(lines);
        return ok('pods crash');
      },
      ...options.deps,
    },
    ended.signal,
  );
  const views = viewsWith(() => []);
  const board = new Dashboard({
    store: { world: () => world, subscribe: () => nothing },
    session,
    ticker: { now: () => clock.now(), subscribe: () => nothing },
    views,
    effects: {
      quit: nothing,
      suspend: nothing,
      redraw: nothing,
      copy: (text) => void copied.push(text),
      load: nothing,
      focus: nothing,
      switchContext: () => null,
      acknowledge: () => null,
      walk: () => null,
      setTheme: () => null,
      act: withLogs(noActs('nothing else is done here'), logs),
      logs,
    },
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('none'), glyphs: ascii ? asciiGlyphs : unicodeGlyphs }),
  });
  board.paint(120, 40);
  const press = (...keys: readonly string[]) => {
    for (const key of keys) board.press(key);
  };
  const type = (text: string) => press(...[...text].map((c) => (c === ' ' ? 'space' : c)));
  return {
    board,
    session,
    clock,
    audit,
    asked,
    open,
    copied,
    saved,
    attached,
    press,
    type,
    settle,
    command: (text: string) => {
      type(`:${text}`);
      press('enter');
    },
    /** The cursor on the pod of that name. */
    onPod: (name: string) => {
      press('/');
      type(name);
      press('enter');
    },
    /** What comes of the newest log, painted. */
    says: async (...items: readonly LogItem[]) => {
      open.at(-1)?.emit(items);
      await clock.advance(milliseconds(200));
      await settle();
    },
    place: () => placeNow(session.get()),
    flow: () => session.get().logs,
    notice: () => session.get().notice?.text ?? '',
    prompt: () => session.get().prompt,
    text: (columns = 120, rows = 40) => board.text(columns, rows),
    painted: (columns = 120, rows = 40) => board.paint(columns, rows).join('\n'),
    end: () => ended.abort(),
  };
};
