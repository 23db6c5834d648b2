import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/actions/guard.ts';
import { guards } from '../../src/actions/guards/index.ts';
import { judge } from '../../src/actions/judge.ts';
import { noSettings, type PolicySettings } from '../../src/actions/policy-settings.ts';
import { readOwnSchedule } from '../../src/actions/windows/own-window.ts';
import { type GatherDeps, gatherer } from '../../src/cli/gather.ts';
import { rightText } from '../../src/kernel/act.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import type { Access } from '../../src/kernel/ports.ts';
import { seconds } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { aPlan, planTime, podRight } from '../support/any-plan.ts';
import { FakeClock } from '../support/fake-clock.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/argocd', name), 'utf8'));

const group = '/apis/argoproj.io/v1alpha1';
const podPath = '/api/v1/namespaces/shop/pods/cart-0';
const { signal } = new AbortController();

/** Paths and what they answer; a number is a status without a body. */
type Answers = Readonly<Record<string, unknown>>;

const setUp = (answers: Answers = {}, more: Partial<GatherDeps> = {}) => {
  const clock = new FakeClock(Date.UTC(2026, 10, 23, 12));
  const asked: string[] = [];
  const rights: Access[] = [];
  const read = async (path: string): Promise<Result<string>> => {
    asked.push(path);
    const said = { [podPath]: { metadata: { uid: 'u-1' } }, [group]: 404, ...answers }[path] ?? 404;
    if (typeof said !== 'number') return ok(JSON.stringify(said));
    const kind = said === 403 ? 'forbidden' : said === 404 ? 'absent' : 'broken';
    return failed(failure(kind, 'get', `the server said ${said}`, { on: path }));
  };
  const deps: GatherDeps = {
    clock,
    context: 'dev',
    production: false,
    settings: noSettings,
    flag: null,
    world: () => emptyWorld,
    read,
    may: async (access) => {
      rights.push(access);
      return ok(true);
    },
    identity: async () => ok('anna'),
    used: () => ({ bytes: 0, streams: 0 }),
    writes: () => [],
    glass: () => null,
    approval: async () => known(null),
    audit: async () => known(true as const),
    ...more,
  };
  return { ...gatherer(deps), clock, asked, rights };
};

const served = (...names: readonly string[]) => ({ resources: names.map((name) => ({ name })) });
const list = (...items: readonly unknown[]) => ({ metadata: {}, items });
const application = (more: object = {}) => ({
  metadata: { name: 'pay-cart', namespace: 'argocd' },
  spec: { project: 'payments', destination: { namespace: 'shop', name: 'in-cluster' } },
  ...more,
});
const argo = (applications: unknown, projects: unknown): Answers => ({
  [group]: served('applications', 'appprojects'),
  [`${group}/applications?limit=200`]: applications,
  [`${group}/appprojects?limit=200`]: projects,
});

describe('gather', () => {
  it('given a cluster that answers, when a plan is gathered for, then all facts are there, and rights are asked by name', async () => {
    const { gather, rights } = setUp();
    const facts = await gather(aPlan(), false, signal);
    expect(facts).toMatchObject({
      mode: 'guarded',
      identity: known('anna'),
      uid: known('u-1'),
      windows: known([]),
      rights: new Map([[rightText(podRight), known(true)]]),
    });
    expect(rights).toEqual([{ ...podRight, fresh: false }]);
    expect(judge(guards, aPlan(), facts, planTime).outcome).toBe('ask');
  });

  it('given a subject that is gone or that the server does not let one read, when its uid is asked for, then that is told apart', async () => {
    const gone = await setUp({ [podPath]: 404 }).gather(aPlan(), false, signal);
    expect(gone.uid).toEqual(known(''));
    const closed = await setUp({ [podPath]: 403 }).gather(aPlan(), false, signal);
    expect(closed.uid.kind).toBe('unknown');
  });

  it('given a server that does not answer, when there was time enough, then nothing is known and it ends', async () => {
    const never = () => new Promise<never>(() => undefined);
    const { gather, clock } = setUp({}, { read: never, may: never, identity: never });
    const gathering = gather(aPlan(), true, signal);
    await clock.advance(seconds(15));
    const facts = await gathering;
    expect([facts.uid.kind, facts.windows.kind, facts.identity.kind]).toEqual(
      Array(3).fill('unknown'),
    );
    expect([...facts.rights.values()].map((r) => r.kind)).toEqual(['unknown']);
    expect(clock.sleeping).toBe(0);
  });

  it('given a port that breaks, when a plan is gathered for, then that is not known, and nothing is thrown', async () => {
    const breaks = async (): Promise<never> => {
      throw new Error('broken pipe');
    };
    const facts = await setUp({}, { approval: breaks }).gather(aPlan(), false, signal);
    expect(facts.approval).toEqual(unknown('broken pipe'));
  });
});

describe('the calendars of Argo CD', () => {
  const calendar = list(fixture('appproject-sync-windows.json'));

  it('given an application in the namespace, when its project has windows, then they have a word', async () => {
    const { gather } = setUp(argo(list(application()), calendar));
    const { windows } = await gather(aPlan(), false, signal);
    expect(windows).toMatchObject({
      kind: 'known',
      value: [{ source: 'AppProject argocd/payments', allowed: true }],
    });
  });

  it('given an application as Argo CD writes it, when it is read, then its windows are those of its project', async () => {
    const blocked = fixture('application-blocked-by-window.json');
    const { gather } = setUp(argo(list(blocked), calendar));
    const plan = aPlan({ subject: { ...aPlan().subject, namespace: 'argo-demo' } as never });
    expect((await gather(plan, false, signal)).windows).toMatchObject({
      value: [{ source: 'AppProject argocd/payments' }],
    });
  });

  it('given windows that nobody has checked, when they are read, then it is closed', async () => {
    const bad = fixture('appproject-invalid-windows.json') as { spec: { syncWindows: object[] } };
    const everywhere = bad.spec.syncWindows.map((w) => ({ ...w, applications: ['*'] }));
    const project = { ...bad, spec: { syncWindows: everywhere } };
    const app = application({
      spec: { project: 'bad-windows', destination: { namespace: 'shop' } },
    });
    const { gather } = setUp(argo(list(app), list(project)));
    const { windows } = await gather(aPlan(), false, signal);
    expect(windows).toMatchObject({ value: [{ allowed: false }] });
  });

  it.each([
    ['may not be listed', argo(403, calendar), /you may not list applications/],
    ['are listed, and projects may not be', argo(list(application()), 403), /list appprojects/],
    ['make no sense', argo({ items: [{ metadata: 5 }] }, calendar), /could not be understood/],
    ['are behind a server that fails', { [group]: 500 }, /whether Argo CD is here/],
  ])(
    'given applications that %s, when they are gathered, then windows are not known',
    async (_, answers, why) => {
      const { windows } = await setUp(answers).gather(aPlan(), false, signal);
      expect(windows.kind === 'unknown' ? windows.why : '').toMatch(why);
    },
  );

  it.each([
    ['without Argo', { [group]: 404 }],
    ['with another program of Argo', { [group]: served('rollouts', 'workflows') }],
  ])(
    'given a cluster %s, when windows are gathered, then nothing else is asked, and there are none',
    async (_, answers) => {
      const { gather, asked } = setUp(answers);
      expect((await gather(aPlan(), false, signal)).windows).toEqual(known([]));
      expect(asked.filter((path) => path.includes('argoproj'))).toEqual([group]);
    },
  );

  it('given several pages, when applications are listed, then all of them count', async () => {
    const first = { metadata: { continue: 'a+b' }, items: [] };
    const { gather } = setUp({
      ...argo(first, calendar),
      [`${group}/applications?limit=200&continue=a%2Bb`]: list(application()),
    });
    expect((await gather(aPlan(), false, signal)).windows).toMatchObject({ value: [{}] });
  });

  it('given what was read a moment ago, when a plan is judged first, then it is not read again; last, it is', async () => {
    const { gather, asked } = setUp(argo(list(application()), calendar));
    const reads = () => asked.filter((path) => path.includes('/applications')).length;
    await gather(aPlan(), false, signal);
    await gather(aPlan(), false, signal);
    expect(reads()).toBe(1);
    await gather(aPlan(), true, signal);
    expect(reads()).toBe(2);
    await gather(aPlan({ effect: 'read' }), true, signal);
    expect(reads()).toBe(2);
  });
});

const labelled: PolicySettings = {
  ...noSettings,
  classes: [
    {
      name: 'payments',
      contexts: [],
      namespaces: [],
      labels: ({ tier }) => tier === 'payments',
      base: null,
      sets: { mode: 'read-only', podsMax: 1 },
    },
  ],
};

describe('the class of a plan', () => {
  it('given a namespace that was not seen, when a class depends on its labels, then they are read', async () => {
    const path = '/api/v1/namespaces/shop';
    const labels = { metadata: { labels: { tier: 'payments' } } };
    const { gather, policy } = setUp({ [path]: labels }, { settings: labelled });
    expect(policy(aPlan().subject).name).toContain('perhaps');
    expect((await gather(aPlan(), false, signal)).policy.name).toBe('payments');
    expect(policy(aPlan().subject).name).toBe('payments');
    const closed = setUp({ [path]: 403 }, { settings: labelled });
    expect((await closed.gather(aPlan(), false, signal)).policy.deny).toEqual(['*']);
    const plain = setUp();
    await plain.gather(aPlan(), false, signal);
    expect(plain.asked).not.toContain(path);
  });

  it.each([
    ['read-only', false, 'read-only'],
    ['guarded', true, 'guarded'],
    [null, true, 'read-only'],
    [null, false, 'guarded'],
  ] as const)(
    'given the flag %s and production %s, when the mode is asked for, then it is %s',
    (flag, production, mode) => {
      expect(setUp({}, { flag, production }).mode(aPlan().subject)).toBe(mode);
    },
  );

  it('given a class that says read-only itself, when the flag says guarded, then the class holds', () => {
    const everywhere = labelled.classes.map((c) => ({ ...c, labels: null }));
    const settings = { ...labelled, classes: everywhere };
    expect(setUp({}, { settings, flag: 'guarded' }).mode(aPlan().subject)).toBe('read-only');
  });
});

describe('preview', () => {
  it('given nothing that was asked, when a key is previewed, then nothing denies it, and it says what is asked for', () => {
    const { preview, asked } = setUp();
    const facts = preview(aPlan());
    expect(judge(guards, aPlan(), facts, planTime).outcome).toBe('ask');
    expect(facts.unasked).toEqual([
      rightText(podRight),
      'change windows of Argo CD',
      'whether it is still the same',
    ]);
    expect(asked).toEqual([]);
  });

  it('given a right that was refused, when a key is previewed, then it is denied in the same words', async () => {
    const { gather, preview } = setUp({}, { may: async () => ok(false) });
    await gather(aPlan(), false, signal);
    const facts = preview(aPlan());
    expect(facts.rights.get(rightText(podRight))).toEqual(known(false));
    expect(judge(guards, aPlan(), facts, planTime).outcome).toBe('deny');
  });

  it('given a window of the configuration that is closed, when a key is previewed, then it is denied at once', () => {
    const schedule = readOwnSchedule({ schedule: '0 8 * * *', duration: '8h', timeZone: 'UTC' });
    const settings: PolicySettings = {
      ...noSettings,
      windows: [
        { name: 'freeze', kind: 'deny', schedule, contexts: [], namespaces: [], actions: [] },
      ],
    };
    const { preview } = setUp({}, { settings });
    expect(judge(guards, aPlan(), preview(aPlan()), planTime)).toMatchObject({
      outcome: 'deny',
      breakable: true,
    });
  });
});
