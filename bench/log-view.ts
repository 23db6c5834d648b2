/**
 * What the screen of logs takes at 50 000 lines a second of ten containers: lines come in as the reader hands them
 * over, the screen is painted whenever the session says so, at most 60 times a second, and every 20 ms somebody presses
 * a key. A key is measured from when it was due until the screen with it is painted. Without a cluster:
 * `node --expose-gc bench/log-view.ts [seconds]`.
 */
import { performance } from 'node:perf_hooks';
import type { Asked, Audience, Pipeline } from '../src/actions/pipeline.ts';
import { usualClass } from '../src/actions/policy.ts';
import { systemClock } from '../src/adapters/clock.ts';
import { linkStatus } from '../src/cli/link-status.ts';
import { logEffects } from '../src/cli/log-effects.ts';
import { sealedEffects } from '../src/cli/sealed-effects.ts';
import { viewsWith } from '../src/cli/views.ts';
import type { LogItem } from '../src/kernel/effect-ports.ts';
import { ok } from '../src/kernel/failure.ts';
import { epochMs, minutes } from '../src/kernel/units.ts';
import { emptyWorld } from '../src/kernel/world.ts';
import { Dashboard } from '../src/views/dashboard.ts';
import { unicodeGlyphs } from '../src/views/parts/glyphs.ts';
import { themeOf } from '../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../src/views/session.ts';
import { quantile } from './statistics.ts';

const rate = 50_000;
const lasts = Number(process.argv[2] ?? '20') * 1000;
const columns = 120;
const rows = 40;
const everyKey = 20;
const everyBatch = 20;
const frame = 1000 / 60;
const sources = Array.from({ length: 10 }, (_, i) => `bench/gateway-7d9f8c6b5-x${i}/app`);

let made = 0;
const lineOf = (at: number): LogItem => {
  made += 1;
  const nanos = String(made % 1_000_000).padStart(6, '0');
  const text =
    made % 50 === 0
      ? `E1123 21:42:58.123456       1 conn.go:90] dial tcp 10.0.0.7:5432: connection refused n=${made}`
      : made % 3 === 0
        ? `{"level":"info","ts":"2026-11-23T21:42:58Z","msg":"request","path":"/api/v1/orders/${made}","status":200,"ms":12}`
        : `GET /api/v1/orders/8317 200 12ms user=4711 trace=9f86d081884c7d659a2feaa0c55ad015 n=${made}`;
  return {
    kind: 'line',
    source: sources[made % sources.length] ?? '',
    stamp: new Date(at).toISOString().replace('Z', `${nanos}Z`),
    at: epochMs(at),
    text,
    cut: false,
  };
};

/** A plan that everybody agrees to; what it brings is written here. */
const intent = {
  action: 'logs',
  subject: {
    kind: 'object',
    resource: 'deployments',
    namespace: 'bench',
    name: 'gateway',
    uid: null,
  },
  args: { follow: 'yes' },
  origin: 'screen',
} as const;
const request = {
  kind: 'logs',
  target: {
    namespace: 'bench',
    pods: { kind: 'selected', selector: 'app=gateway' },
    containers: null,
  },
  bounds: {
    since: { kind: 'age', age: minutes(10) },
    tail: null,
    limitBytes: usualClass.logs.bytesMax,
    previous: false,
    lease: minutes(30),
    streams: 20,
  },
} as const;
const asked = {
  act: 'bench',
  intent,
  plan: {
    action: 'logs',
    title: 'logs',
    effect: 'read',
    typed: 'gateway',
    digest: '',
    requests: [request],
  },
  facts: { policy: usualClass },
  verdict: { outcome: 'allow', reasons: [], challenges: [], breakable: false },
} as unknown as Asked;

let audience: Audience | null = null;
const pipeline: Pipeline = {
  ask: async () => ok(asked),
  carryOut: (_, __, to, signal) => {
    audience = to;
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ kind: 'done', text: '', bytes: 0 })),
    );
  },
  decline: async () => undefined,
};

const stop = new AbortController();
const session = new SessionStore(newSession(placeOf('home')));
const logs = logEffects(
  {
    pipeline,
    session,
    clock: systemClock,
    sealed: '',
    approved: async () => ok(null),
    save: async () => ok({ path: '', lines: 0 }),
    attach: null,
  },
  stop.signal,
);
const nothing = () => undefined;
const board = new Dashboard({
  store: { world: () => emptyWorld, subscribe: () => nothing },
  session,
  ticker: { now: () => systemClock.now(), subscribe: () => nothing },
  views: viewsWith(() => []),
  effects: {
    ...sealedEffects({
      quit: nothing,
      redraw: nothing,
      suspend: nothing,
      copy: nothing,
      setTheme: () => null,
    }),
    logs,
  },
  replay: null,
  known: () => ({
    resources: [],
    namespaces: [],
    contexts: [],
    views: [],
    actions: [],
    themes: [],
  }),
  link: linkStatus,
  production: () => false,
  look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const collect = (): void => (globalThis as { gc?: () => void }).gc?.();

/** Paints as the shell does: when told, and not more often than sixty times a second. */
let painted = 0;
let isDue = false;
let lastPaint = 0;
const paintNow = (): void => {
  isDue = false;
  lastPaint = performance.now();
  board.paint(columns, rows);
  painted += 1;
};
board.subscribe(() => {
  if (isDue) return;
  isDue = true;
  setTimeout(paintNow, Math.max(0, lastPaint + frame - performance.now()));
});

const feed = async (until: number): Promise<void> => {
  const began = performance.now();
  let sent = 0;
  while (performance.now() < until) {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    const at = Date.now();
    const batch: LogItem[] = [];
    // Batches of the size that the reader hands over, with the thread given back in between.
    for (; sent < due && batch.length < 2500; sent += 1) batch.push(lineOf(at));
    audience?.logs(batch);
    await sleep(everyBatch);
  }
};

const keyTimes = async (keys: readonly string[], until: number): Promise<readonly number[]> => {
  const took: number[] = [];
  let due = performance.now();
  for (let i = 0; performance.now() < until; i += 1) {
    due += everyKey;
    await sleep(Math.max(0, due - performance.now()));
    board.press(keys[i % keys.length] ?? 'j');
    paintNow();
    took.push(performance.now() - due);
    if (performance.now() - due > everyKey) due = performance.now();
  }
  return took;
};

const tell = (what: string, times: readonly number[]): void =>
  console.log(
    `${what}: key to screen p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms of ${times.length}`,
  );

collect();
const heapBefore = process.memoryUsage().heapUsed;
session.dispatch({ kind: 'go', view: 'logs' });
logs.open(intent);
await sleep(50);

const phase = async (
  what: string,
  before: readonly string[],
  keys: readonly string[],
): Promise<void> => {
  for (const key of before) board.press(key);
  const from = made;
  const paintedBefore = painted;
  const began = performance.now();
  const cpu = process.cpuUsage();
  const end = began + lasts;
  const [times] = await Promise.all([keyTimes(keys, end), feed(end)]);
  const took = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  tell(what, times);
  console.log(
    `  ${Math.round((made - from) / took).toLocaleString('en')} lines/s, ${((used.user + used.system) / 1e4 / took).toFixed(0)} % of a core, ${Math.round((painted - paintedBefore) / took)} paintings/s`,
  );
};

// Until the code is compiled as it will stay.
await feed(performance.now() + 4000);
await phase('at the end', ['G'], ['G']);
await phase('cursor held, moving', ['k'], ['k', 'j', 'pageup', 'pagedown']);
await phase('wrapped', ['w'], ['k', 'j', 'pageup', 'pagedown']);
await phase('faults', ['w', 'z'], ['k', 'j', 'G']);
board.press('z');
for (const key of ['/', ...'orders/8', 'enter']) board.press(key);
await phase('filtered', [], ['k', 'n', 'N', 'G']);

const typing: number[] = [];
for (const key of [
  'esc',
  '/',
  ...'refused n=1',
  'enter',
  'esc',
  '/',
  ...'(user|ms).*4711',
  'enter',
]) {
  const began = performance.now();
  board.press(key);
  paintNow();
  typing.push(performance.now() - began);
  await sleep(30);
}
tell(
  `a filter typed over ${session.get().logs?.reading?.buffer.length.toLocaleString('en')} lines`,
  typing,
);
const whole = performance.now();
while (session.get().logs?.reading?.lens.whole === false) await sleep(1);
console.log(
  `  the rest was looked through after ${(performance.now() - whole).toFixed(0)} ms more`,
);

const buffer = session.get().logs?.reading?.buffer;
collect();
const { heapUsed, rss } = process.memoryUsage();
console.log(
  `${buffer?.received.toLocaleString('en')} lines received, ${buffer?.dropped.toLocaleString('en')} dropped for display, ${buffer?.length.toLocaleString('en')} kept, ${((buffer?.units ?? 0) / 2 ** 20).toFixed(1)} MiB of text; heap ${((heapUsed - heapBefore) / 2 ** 20).toFixed(0)} MiB above the empty screen, RSS ${(rss / 2 ** 20).toFixed(0)} MiB`,
);
stop.abort();
