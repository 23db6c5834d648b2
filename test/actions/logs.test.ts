import { describe, expect, it } from 'vitest';
import type { PlanScene } from '../../src/actions/action.ts';
import { parseTime } from '../../src/actions/log-bounds.ts';
import { logs, logsPrevious } from '../../src/actions/logs.ts';
import { usualClass, usualLogs } from '../../src/actions/policy.ts';
import type { ActArgs, Intent } from '../../src/kernel/act.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { epochMs, minutes } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';

const now = epochMs(Date.UTC(2026, 10, 23, 21, 43));

const scene: PlanScene = {
  world: emptyWorld,
  now,
  context: 'test',
  policy: usualClass,
  person: 'ana',
  nonce: 'abcde',
  digest: (text) => text,
};

const podOf = (name: string, ...containers: string[]) => ({
  metadata: { name },
  spec: { containers: containers.map((c) => ({ name: c })) },
});

const pods = [
  podOf('cart-1', 'app', 'proxy'),
  podOf('cart-2', 'app', 'proxy'),
  podOf('till', 'app'),
];

const objects: Readonly<Record<string, unknown>> = {
  '/api/v1/namespaces/shop/pods/cart-1': pods[0],
  '/apis/apps/v1/namespaces/shop/deployments/cart': {
    spec: {
      selector: {
        matchLabels: { app: 'cart', tier: 'front' },
        matchExpressions: [{ key: 'canary', operator: 'NotIn', values: ['yes', 'maybe'] }],
      },
      template: { spec: { containers: [{ name: 'app' }, { name: 'proxy' }] } },
    },
  },
  '/api/v1/namespaces/shop/services/cart': { spec: { selector: { app: 'cart' } } },
  '/api/v1/namespaces/shop/services/outside': { spec: { externalName: 'example.org' } },
};

const reads = {
  kubernetes: async (path: string): Promise<Result<string>> => {
    const [route = ''] = path.split('?');
    if (route.endsWith('/pods')) return ok(JSON.stringify({ metadata: {}, items: pods }));
    const found = objects[route];
    return found === undefined
      ? failed(failure('absent', 'get', `${route} not found`))
      : ok(JSON.stringify(found));
  },
  etcdStatus: async () => failed(failure('absent', 'get', '')),
};

const wish = (resource: string, name: string, args: ActArgs = {}): Intent => ({
  action: 'logs',
  subject: { kind: 'object', resource, namespace: 'shop', name, uid: null },
  args,
  origin: 'command',
});

const plan = async (intent: Intent, action = logs) => {
  const { signal } = new AbortController();
  if (action.prepare === undefined) throw new Error('it has to be prepared');
  return await action.prepare(intent, scene, reads, signal);
};

const planned = async (intent: Intent, action = logs) => {
  const made = await plan(intent, action);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
};

const refusal = async (intent: Intent): Promise<string> => {
  const made = await plan(intent);
  return made.ok ? '' : `${made.failure.message}; ${made.failure.hint ?? ''}`;
};

describe('a plan for logs', () => {
  it('given nothing but a pod, when it is planned, then all bounds are those of the policy, and the title says so', async () => {
    const made = await planned(wish('pods', 'cart-1'));
    expect(made.requests).toEqual([
      {
        kind: 'logs',
        target: {
          namespace: 'shop',
          pods: { kind: 'named', names: ['cart-1'] },
          containers: null,
        },
        bounds: {
          since: { kind: 'age', age: usualLogs.since },
          tail: usualLogs.tailMax,
          limitBytes: usualLogs.bytesMax,
          previous: false,
          lease: null,
          streams: usualLogs.streamsMax,
        },
      },
    ]);
    expect(made.title).toBe('logs of pod cart-1 in shop, since 30m, which is the default');
    expect(made.rights.map((r) => `${r.verb} ${r.resource} ${r.name}`)).toEqual([
      'get pods/log cart-1',
      'get pods cart-1',
    ]);
  });

  it('given more than the policy has, when it is planned, then it stands there as it was asked: guards decide', async () => {
    const args = { since: '40d', tail: '999999999', limitBytes: '99999999999', streams: '5000' };
    const made = await planned(wish('pods', 'cart-1', args));
    expect(made.requests[0]).toMatchObject({
      bounds: {
        since: { kind: 'age', age: minutes(40 * 24 * 60) },
        tail: 999_999_999,
        limitBytes: 99_999_999_999,
        streams: 5000,
      },
    });
  });

  it('given a deployment, when it is planned, then its selector to the letter', async () => {
    const made = await planned(wish('deployments', 'cart', { container: '^pro', follow: 'true' }));
    expect(made.requests[0]).toMatchObject({
      target: {
        pods: { kind: 'selected', selector: 'app=cart,tier=front,canary notin (yes,maybe)' },
        containers: ['proxy'],
      },
      bounds: { lease: usualLogs.followMax },
    });
    expect(made.bounds.time).toBeGreaterThan(usualLogs.followMax);
  });

  it('given a service, when it is planned, then the pods behind it; one without any is refused', async () => {
    const made = await planned(wish('services', 'cart'));
    expect(made.requests[0]).toMatchObject({
      target: { pods: { kind: 'selected', selector: 'app=cart' } },
    });
    expect(await refusal(wish('services', 'outside'))).toMatch(/selects no pods/);
  });

  it('given a pattern, when it is planned, then the pods that fit it; a name that is there is meant alone', async () => {
    const many = await planned(wish('pods', '', { match: 'cart' }));
    expect(many.requests[0]).toMatchObject({
      target: { pods: { kind: 'named', names: ['cart-1', 'cart-2'] } },
    });
    const one = await planned(wish('pods', '', { match: 'cart-2' }));
    expect(one.title).toContain('pod cart-2');
    expect(await refusal(wish('pods', '', { match: 'nobody' }))).toMatch(/there are cart-1/);
    expect(await refusal(wish('pods', '', { match: '(' }))).toMatch(/no regular expression/);
  });

  it('given a container that is not there, when it is planned, then those that are are told', async () => {
    const why = await refusal(wish('pods', 'cart-1', { container: 'db' }));
    expect(why).toBe('no container of pod cart-1 fits db; there are app, proxy');
  });

  it('given all namespaces, or what makes no sense, when it is planned, then it is refused in words', async () => {
    const everywhere = wish('pods', '', { match: 'cart' });
    const subject = { ...everywhere.subject, namespace: '' } as Intent['subject'];
    expect(await refusal({ ...everywhere, subject })).toMatch(/one namespace/);
    for (const args of [
      { since: '-5m' },
      { since: '0s' },
      { since: 'forever' },
      { since: '5m', sinceTime: '21:00' },
      { sinceTime: 'yesterday' },
      { sinceTime: '2027-01-01' },
      { tail: '0' },
      { tail: '-1' },
      { limitBytes: '1.5' },
      { follow: 'true', previous: 'true' },
      { follow: 'true', for: '0s' },
      { newest: '20', since: '5m' },
    ]) {
      expect(await refusal(wish('pods', 'cart-1', args)), JSON.stringify(args)).not.toBe('');
    }
    expect(await refusal(wish('nodes', 'worker-1'))).toMatch(/logs are of pods/);
    expect(await refusal(wish('pods', ''))).toMatch(/give one of/);
    expect(await refusal(wish('pods', '', { selector: ' ' }))).toMatch(/no label selector/);
  });

  it('given the previous log, when it is planned, then of the run before', async () => {
    const made = await planned(wish('pods', 'cart-1'), logsPrevious);
    expect(made.requests[0]).toMatchObject({ bounds: { previous: true } });
  });

  it('given a Loki, when it is planned, then a query for the same pods over the same time', async () => {
    const args = { loki: 'first', grep: 'time "out"', since: '2h' };
    const made = await planned(wish('pods', '', { ...args, match: 'cart' }));
    expect(made.requests).toEqual([
      {
        kind: 'loki',
        source: '',
        query: '{namespace="shop", pod=~"cart-1|cart-2"} |~ "time \\"out\\""',
        from: now - minutes(120),
        to: now,
        lines: usualLogs.tailMax,
      },
    ]);
  });
});

describe('a query for a Loki', () => {
  it('given a workload, when it is asked for, then by what the names of its pods begin with; a selector by the names that there are', async () => {
    const query = async (intent: Intent) => {
      const [request] = (await planned(intent)).requests;
      return request?.kind === 'loki' ? request.query : '';
    };
    expect(await query(wish('deployments', 'cart', { loki: 'main' }))).toBe(
      '{namespace="shop", pod=~"cart-.+"}',
    );
    expect(await query(wish('services', 'cart', { loki: 'main' }))).toBe(
      '{namespace="shop", pod=~"cart-1|cart-2|till"}',
    );
  });
});

describe('a time that was typed', () => {
  it('given a time of day, when it is later than now, then it is that of yesterday', () => {
    const at = (text: string) => {
      const time = parseTime(text, now);
      return time === null ? null : new Date(time).toISOString();
    };
    expect(at('21:43')).toBe('2026-11-23T21:43:00.000Z');
    expect(at('21:44')).toBe('2026-11-22T21:44:00.000Z');
    expect(at('08:00:30Z')).toBe('2026-11-23T08:00:30.000Z');
    expect(at('2026-11-23T20:00:00+02:00')).toBe('2026-11-23T18:00:00.000Z');
    expect(at('2026-11-23T20:00')).toBe('2026-11-23T20:00:00.000Z');
    expect(at('25:00')).toBeNull();
    expect(at('soon')).toBeNull();
  });
});
