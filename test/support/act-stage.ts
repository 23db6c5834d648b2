import { type Facts, known } from '../../src/actions/guard.ts';
import { guards } from '../../src/actions/guards/index.ts';
import { actions } from '../../src/actions/index.ts';
import { openPipeline } from '../../src/actions/pipeline.ts';
import { usualClass } from '../../src/actions/policy.ts';
import { type ActEffectsDeps, actEffects } from '../../src/cli/act-effects.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { type ActPlan, rightText } from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { glassAt } from '../../src/kernel/acts.ts';
import type { EffectAnswer, EffectPorts } from '../../src/kernel/effect-ports.ts';
import { ok, type Result } from '../../src/kernel/failure.ts';
import { epochMs, minutes } from '../../src/kernel/units.ts';
import { sliceOf, type World } from '../../src/kernel/world.ts';
import { acts } from '../../src/probes/acts.ts';
import { guardStatus } from '../../src/views/act/guard-status.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import type { Effects } from '../../src/views/effects.ts';
import { noLogs } from '../../src/views/logs/effects.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';
import { noPorts, noReads, sceneOf } from './act-on.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { now } from './objects.ts';
import { badEvening } from './view-world.ts';

type KubernetesRequest = Parameters<EffectPorts['kubernetes']>[0];

export interface ActStageOptions {
  readonly world?: World;
  readonly facts?: Partial<Facts>;
  readonly mode?: 'read-only' | 'guarded';
  readonly production?: boolean;
  readonly ascii?: boolean;
  /** What the server answers; it may wait for the signal. */
  readonly answer?: (
    request: KubernetesRequest,
    signal: AbortSignal,
  ) => Promise<Result<EffectAnswer>>;
  readonly deps?: Partial<ActEffectsDeps>;
}

const nothing = (): void => undefined;

/** The screen over a real pipeline with all guards; only what lies behind the ports is written by the test. */
export const actStage = (options: ActStageOptions = {}) => {
  const { production = false, mode = 'guarded', ascii = false } = options;
  const clock = new FakeClock(now);
  const ended = new AbortController();
  const audit: ActFact[] = [];
  const sent: KubernetesRequest[] = [];
  const copied: string[] = [];
  let quits = 0;
  let nextId = 0;
  const base = options.world ?? badEvening();
  let last: { readonly length: number; readonly world: World } = { length: 0, world: base };
  /** The world with what the audit holds: as the file that is watched brings it back. */
  const world = (): World => {
    if (last.length === audit.length) return last.world;
    const observed = audit.map((data) => ({
      rev: base.rev,
      at: epochMs(data.at),
      scope: '' as const,
      data,
      settled: false,
    }));
    const { state } = acts.fold(acts.empty, observed as never);
    const slices = new Map(base.slices).set(acts.id, { state, scopes: new Map() });
    last = { length: audit.length, world: { ...base, slices } };
    return last.world;
  };
  const context = base.origin?.context ?? '';
  const put = async (facts: readonly ActFact[]): Promise<Result<void>> => {
    audit.push(...facts);
    return ok(undefined);
  };
  const factsOf = (plan: ActPlan): Facts => ({
    mode,
    production,
    policy: usualClass,
    identity: known('ana@corp'),
    rights: new Map(plan.rights.map((right) => [rightText(right), known(true)])),
    uid: known(plan.subject.kind === 'object' ? (plan.subject.uid ?? '') : ''),
    windows: known([]),
    used: { bytes: 0, streams: 0 },
    writes: [],
    glass: glassAt(sliceOf(world(), acts).state, context, clock.now()),
    approval: known(null),
    audit: known(true),
    ...options.facts,
  });
  const scene = () => sceneOf(world(), { now: clock.now(), context });
  const session = new SessionStore(newSession(placeOf('home')));
  const said = { at: now, by: 'ana@corp (ana on bastion-1)' };
  const effects: ActEffectsDeps = {
    pipeline: openPipeline({
      actions,
      guards,
      clock,
      audit: put,
      by: said.by,
      process: '',
      scene,
      gather: async (plan) => factsOf(plan),
      ports: {
        ...noPorts,
        kubernetes: async (request, signal) => {
          sent.push(request);
          return options.answer === undefined
            ? ok({ status: 200, body: '{}' })
            : await options.answer(request, signal);
        },
      },
      reads: { ...noReads, kubernetes: async () => ok('{"items":[]}') },
      newId: () => {
        nextId += 1;
        return `act-${nextId}`;
      },
    }),
    session,
    clock,
    guards,
    scene,
    remembered: factsOf,
    status: () => guardStatus(world(), clock.now(), mode),
    sealed: '',
    lend: null,
    approved: async () => ok(null),
    breakGlass: (reason, ticket) => {
      const until = clock.now() + minutes(30);
      return put([
        { kind: 'glass-broken', act: 'glass-1', ...said, context, reason, ticket, until },
      ]);
    },
    mendGlass: () => put([{ kind: 'glass-mended', act: 'glass-1', ...said, context, why: '' }]),
    ...options.deps,
  };
  const views = viewsWith(() => []);
  const rest: Omit<Effects, 'act'> = {
    quit: () => {
      quits += 1;
    },
    suspend: nothing,
    redraw: nothing,
    copy: (text) => void copied.push(text),
    load: nothing,
    focus: nothing,
    switchContext: () => null,
    acknowledge: () => null,
    walk: () => null,
    setTheme: () => null,
    logs: noLogs(''),
  };
  const board = new Dashboard({
    store: { world, subscribe: () => nothing },
    session,
    ticker: { now: () => clock.now(), subscribe: () => nothing },
    views,
    effects: { ...rest, act: actEffects(effects, ended.signal) },
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => production,
    look: () => ({ theme: themeOf('none'), glyphs: ascii ? asciiGlyphs : unicodeGlyphs }),
  });
  board.paint(120, 40);
  const press = (...keys: readonly string[]) => {
    for (const key of keys) board.press(key);
  };
  const type = (text: string) => press(...[...text].map((c) => (c === ' ' ? 'space' : c)));
  const command = (text: string) => {
    type(`:${text}`);
    press('enter');
  };
  /** The node of that name under the cursor. */
  const onNode = (name: string) => {
    command('nodes');
    press('/');
    type(name);
    press('enter');
  };
  return {
    board,
    session,
    clock,
    audit,
    sent,
    copied,
    press,
    type,
    command,
    onNode,
    settle,
    quits: () => quits,
    kinds: () => audit.map((f) => f.kind),
    flow: () => session.get().act,
    prompt: () => session.get().prompt,
    notice: () => session.get().notice?.text ?? '',
    place: () => placeNow(session.get()),
    text: (columns = 120, rows = 40) => board.text(columns, rows),
    end: () => ended.abort(),
  };
};
