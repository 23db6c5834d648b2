import fc from 'fast-check';
import { type Facts, type Gathered, known, unknown } from '../../src/actions/guard.ts';
import { type PolicyClass, productionClass, usualClass } from '../../src/actions/policy.ts';
import {
  type ActPlan,
  type ActRight,
  type ActSubject,
  type EffectRequest,
  noWeight,
  rightText,
} from '../../src/kernel/act.ts';
import { bytes, epochMs, minutes, seconds } from '../../src/kernel/units.ts';

/** 2026-11-23T12:00:00Z */
export const planTime = epochMs(Date.UTC(2026, 10, 23, 12));

export const patchPod: EffectRequest = {
  kind: 'kubernetes',
  method: 'PATCH',
  path: '/api/v1/namespaces/shop/pods/cart-0',
  contentType: 'application/merge-patch+json',
  body: '{"metadata":{"annotations":{"a":"b"}}}',
};

export const podSubject: ActSubject = {
  kind: 'object',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-0',
  uid: 'u-1',
};

export const podRight: ActRight = {
  verb: 'patch',
  group: '',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-0',
};

export const aPlan = (more: Partial<ActPlan> = {}): ActPlan => ({
  action: 'annotate',
  title: 'annotate pod shop/cart-0',
  effect: 'write',
  context: 'dev',
  subject: podSubject,
  typed: 'cart-0',
  args: {},
  requests: [patchPod],
  rights: [podRight],
  dangers: [],
  refusals: [],
  bounds: { time: seconds(30), bytes: bytes(1 << 20) },
  weight: noWeight,
  digest: 'd'.repeat(64),
  ...more,
});

/** Facts under which `aPlan()` may be carried out once somebody agrees. */
export const goodFacts = (more: Partial<Facts> = {}): Facts => ({
  mode: 'guarded',
  production: false,
  policy: usualClass,
  identity: known('anna'),
  rights: new Map([[rightText(podRight), known(true)]]),
  uid: known('u-1'),
  windows: known([]),
  used: { bytes: 0, streams: 0 },
  writes: [],
  glass: null,
  approval: known(null),
  audit: known(true as const),
  ...more,
});

const words = fc.constantFrom('', 'shop', 'cart-0', 'exec', 'a/b', '*', '..', 'u-1', 'u-2', '%zz');

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Gathered<T>> =>
  fc.oneof(
    value.map((v) => known(v)),
    fc.constant(unknown('nobody answered')),
  );

const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 20, 1e9, Number.NaN, Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 1 << 26 }),
);

/** Of the configuration, which has been checked. */
const limit = fc.oneof(fc.constantFrom(0, 1, 20), fc.nat(1 << 26));

const anyRequest: fc.Arbitrary<EffectRequest> = fc.oneof(
  fc.record({
    kind: fc.constant('kubernetes' as const),
    method: fc.constantFrom('POST' as const, 'PATCH' as const, 'DELETE' as const),
    path: fc.oneof(
      fc.string(),
      fc.array(words).map((w) => `/api/v1/${w.join('/')}`),
    ),
    contentType: words,
    body: fc.oneof(fc.string(), fc.json()),
  }),
  fc.record({
    kind: fc.constant('logs' as const),
    target: fc.record({
      namespace: words,
      pods: fc.oneof(
        fc.record({ kind: fc.constant('named' as const), names: fc.array(words) }),
        fc.record({ kind: fc.constant('selected' as const), selector: words }),
      ),
      containers: fc.option(fc.array(words)),
    }),
    bounds: fc.record({
      since: fc.oneof(
        fc.record({ kind: fc.constant('age' as const), age: number.map((n) => minutes(n)) }),
        fc.record({ kind: fc.constant('time' as const), at: number.map((n) => epochMs(n)) }),
        fc.constant({ kind: 'newest' as const }),
      ),
      tail: fc.option(number),
      limitBytes: number.map(bytes),
      previous: fc.boolean(),
      lease: fc.option(number.map((n) => minutes(n))),
      streams: number,
    }),
  }),
  fc.record({
    kind: fc.constant('loki' as const),
    source: words,
    query: words,
    from: number.map(epochMs),
    to: number.map(epochMs),
    lines: number,
  }),
  fc.record({
    kind: fc.constant('attach' as const),
    namespace: words,
    pod: words,
    container: words,
    tty: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('etcd' as const),
    cluster: words,
    endpoint: words,
    path: words,
    body: words,
  }),
);

const anySubject: fc.Arbitrary<ActSubject> = fc.oneof(
  fc.record({
    kind: fc.constant('object' as const),
    resource: fc.constantFrom('pods', 'nodes', 'namespaces', 'deployments.apps'),
    namespace: words,
    name: words,
    uid: fc.option(words),
  }),
  fc.record({ kind: fc.constant('etcd' as const), cluster: words, member: words }),
  fc.record({ kind: fc.constant('alerts' as const), cluster: words }),
);

const anyRight: fc.Arbitrary<ActRight> = fc.record({
  verb: fc.constantFrom('get', 'patch'),
  group: fc.constantFrom('', 'apps'),
  resource: fc.constantFrom('pods', 'pods/log'),
  namespace: words,
  name: words,
});

/** Plans that no action makes among them. */
export const anyPlan: fc.Arbitrary<ActPlan> = fc
  .record({
    action: fc.constantFrom('logs', 'scale', 'etcd-defrag', 'delete', ''),
    effect: fc.constantFrom('read' as const, 'write' as const, 'session' as const),
    subject: anySubject,
    requests: fc.array(anyRequest, { maxLength: 3 }),
    rights: fc.array(anyRight, { maxLength: 3 }),
    refusals: fc.array(words, { maxLength: 1 }),
    weight: fc.record({
      pods: fc.option(number),
      disruptionsAllowed: fc.option(number),
      quorumMargin: fc.option(number),
      images: fc.array(words, { maxLength: 2 }),
      unknown: fc.array(words, { maxLength: 2 }),
    }),
  })
  .map((more) => aPlan(more));

const globs = fc.array(fc.constantFrom('*', 'logs', 'etcd-*', 'scale'), { maxLength: 3 });

const anyPolicy: fc.Arbitrary<PolicyClass> = fc
  .record({
    base: fc.constantFrom(usualClass, productionClass),
    deny: globs,
    ask: globs,
    allow: globs,
    secondPerson: globs,
    rate: limit,
    podsMax: limit,
    windowRequired: fc.boolean(),
    override: fc.constantFrom('never' as const, 'reason' as const, 'second-person' as const),
    challenge: fc.constantFrom(
      { kind: 'key' as const },
      { kind: 'name' as const },
      { kind: 'reason' as const, least: 10 },
      { kind: 'second-person' as const },
    ),
  })
  .map(({ base, override, ...rest }) => ({ ...base, ...rest, logs: { ...base.logs, override } }));

export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  mode: fc.constantFrom('read-only' as const, 'guarded' as const),
  production: fc.boolean(),
  policy: anyPolicy,
  identity: maybe(words),
  rights: fc
    .array(fc.tuple(anyRight, maybe(fc.boolean())))
    .map((all) => new Map(all.map(([right, granted]) => [rightText(right), granted]))),
  uid: maybe(words),
  windows: maybe(
    fc.array(
      fc.record({
        source: words,
        allowed: fc.boolean(),
        why: words,
        changesAt: fc.option(fc.constant(epochMs(planTime + 60_000))),
      }),
      { maxLength: 4 },
    ),
  ),
  used: fc.record({ bytes: limit, streams: limit }),
  writes: fc.array(fc.nat(120_000).map((n) => epochMs(planTime - n))),
  glass: fc.option(
    fc.record({
      by: words,
      reason: words,
      ticket: words,
      until: fc.constantFrom(epochMs(planTime - 1), epochMs(planTime + 60_000)),
    }),
  ),
  approval: maybe(fc.option(words)),
  audit: maybe(fc.constant(true as const)),
});
