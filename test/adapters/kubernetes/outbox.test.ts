import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchLimit, Outbox } from '../../../src/adapters/kubernetes/outbox.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { failure } from '../../../src/kernel/failure.ts';

const put = (name: string, generation = 0, scope = ''): Signal => ({
  kind: 'observed',
  scope,
  data: { put: { name, namespace: scope, uid: '', created: generation } },
});
const del = (name: string, scope = ''): Signal => ({
  kind: 'observed',
  scope,
  data: { del: scope === '' ? name : `${scope}/${name}` },
});
const synced = (scope = ''): Signal => ({ kind: 'synced', scope });
const gap = (why: string, scope = ''): Signal => ({ kind: 'gap', scope, why });

const all = (outbox: Outbox, watch = 1): readonly Signal[] =>
  outbox.take().flatMap((batch) => (batch.watch === watch ? batch.signals : []));

describe('coalescing', () => {
  it('given two states of one object, when taken, then the newer stands where the older came', () => {
    const outbox = new Outbox();
    outbox.push(1, [put('a'), put('b'), put('a', 1)]);
    expect(all(outbox)).toEqual([put('a', 1), put('b')]);
    expect(outbox.size).toBe(0);
  });

  it('given a change after synced, when taken, then synced has not overtaken what came before it', () => {
    const outbox = new Outbox();
    outbox.push(1, [put('a'), synced(), put('a', 1), put('b')]);
    expect(all(outbox)).toEqual([put('a', 1), synced(), put('b')]);
  });

  it('given the same word twice, when taken, then only the last, where it came', () => {
    const outbox = new Outbox();
    outbox.push(1, [gap('one'), put('a'), gap('two'), gap('other', 'web')]);
    expect(all(outbox)).toEqual([put('a'), gap('two'), gap('other', 'web')]);
  });

  it('given a newer answer of a member, when taken, then it replaces the older one, and never its metrics', () => {
    const outbox = new Outbox();
    const told = (id: string, n: number, scope = 'main/a', kind = id): Signal => ({
      kind: 'observed',
      scope,
      data: { kind, id, n },
    });
    outbox.push(1, [told('status', 1), told('metrics', 1), told('status', 1, 'main/b'), synced()]);
    outbox.push(1, [told('status', 2), told('metrics', 2), told('status', 2, 'main/b')]);
    expect(outbox.size).toBe(4);
    expect(all(outbox)).toEqual([
      told('status', 2),
      told('metrics', 2),
      told('status', 2, 'main/b'),
      synced(),
    ]);
  });

  it('given an end of what was told, when taken, then it stands behind what was told in between', () => {
    const outbox = new Outbox();
    const told = (kind: string, id: string): Signal => ({
      kind: 'observed',
      scope: 'am-0',
      data: { kind, id },
    });
    outbox.push(1, [told('source', 'source'), told('alert', 'alert/1'), told('alert', 'alert/2')]);
    outbox.push(1, [told('gone', 'alert/1'), synced('am-0'), told('left', 'source')]);
    expect(all(outbox)).toEqual([
      told('alert', 'alert/2'),
      told('gone', 'alert/1'),
      synced('am-0'),
      told('left', 'source'),
    ]);
  });

  it('given objects that have an id of their own, when taken, then they are told apart by their names', () => {
    const outbox = new Outbox();
    const withId = (name: string): Signal => ({
      kind: 'observed',
      scope: '',
      data: { id: 'same', put: { name, namespace: '', uid: '', created: 0 } },
    });
    outbox.push(1, [withId('a'), withId('b')]);
    expect(outbox.size).toBe(2);
  });

  it('given more than a batch and several watches, when taken, then they take turns and nothing is lost', () => {
    const outbox = new Outbox();
    outbox.push(
      1,
      Array.from({ length: batchLimit * 2 }, (_, i) => put(`a${i}`)),
    );
    outbox.push(2, [put('x'), synced()]);
    const first = outbox.take();
    expect(first.map(({ watch }) => watch)).toEqual([1, 2]);
    expect(first[1]?.signals).toEqual([put('x'), synced()]);
    expect(first.flatMap(({ signals }) => signals)).toHaveLength(batchLimit);
    expect(outbox.size).toBe(batchLimit + 2);
  });

  it('given a watch that ended, when taken, then nothing of it is left', () => {
    const outbox = new Outbox();
    outbox.push(1, [put('a')]);
    outbox.push(2, [put('b')]);
    outbox.drop(1);
    expect(outbox.size).toBe(1);
    expect(outbox.take()).toEqual([{ watch: 2, signals: [put('b')] }]);
  });
});

const scope = fc.constantFrom('', 'web');
const name = fc.constantFrom('a', 'b', 'c', 'd');
const signal: fc.Arbitrary<Signal> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(name, fc.nat(), scope).map(([n, g, s]) => put(n, g, s)) },
  { weight: 2, arbitrary: fc.tuple(name, scope).map(([n, s]) => del(n, s)) },
  scope.map((s) => synced(s)),
  scope.map((s): Signal => ({ kind: 'heard', scope: s })),
  fc.tuple(scope, fc.string()).map(([s, why]) => gap(why, s)),
  scope.map((s): Signal => ({ kind: 'failed', scope: s, failure: failure('ended', 'x', 'y') })),
);
type Step = { readonly push: readonly Signal[] } | { readonly take: number };
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.array(signal, { maxLength: 8 }).map((push) => ({ push })),
    fc.integer({ min: 1, max: 5 }).map((take) => ({ take })),
  ),
);

/** Final objects, and the last control signal of each scope that decides its freshness. */
const fold = (signals: readonly Signal[]) => {
  const objects = new Map<string, number>();
  const last = new Map<string, string>();
  for (const s of signals) {
    if (s.kind !== 'observed') {
      if (s.kind !== 'heard') last.set(s.scope, s.kind === 'gap' ? `gap ${s.why}` : s.kind);
      continue;
    }
    const data = s.data as { put?: { name: string; created: number }; del?: string };
    if (data.put) objects.set(`${s.scope}/${data.put.name}`, data.put.created);
    else objects.delete(s.scope === '' ? `/${data.del}` : String(data.del));
  }
  return { objects: [...objects].sort(), last: [...last].sort() };
};

describe('any interleaving of push and take', () => {
  it('gives the same final state', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const outbox = new Outbox();
        const pushed: Signal[] = [];
        const taken: Signal[] = [];
        for (const step of script) {
          if ('push' in step) {
            pushed.push(...step.push);
            outbox.push(1, step.push);
          } else for (const { signals } of outbox.take(step.take)) taken.push(...signals);
        }
        while (outbox.size > 0) for (const { signals } of outbox.take(3)) taken.push(...signals);
        expect(fold(taken)).toEqual(fold(pushed));
      }),
    );
  });

  it('never lets a control signal overtake a change of its scope', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const outbox = new Outbox();
        /** Position of every signal among those pushed. */
        const at = new Map<Signal, number>();
        const open = new Map<string, number>();
        const check = (signals: readonly Signal[]) => {
          for (const s of signals) {
            if (s.kind === 'observed') open.delete(key(s));
            else
              for (const [changed, since] of open) {
                if (changed.startsWith(`${s.scope} `))
                  expect(since).toBeGreaterThan(at.get(s) ?? 0);
              }
          }
        };
        let n = 0;
        for (const step of script) {
          if ('take' in step) {
            for (const { signals } of outbox.take(step.take)) check(signals);
            continue;
          }
          const fresh = step.push.map((s) => ({ ...s }));
          for (const s of fresh) {
            n += 1;
            at.set(s, n);
            if (s.kind === 'observed' && !open.has(key(s))) open.set(key(s), n);
          }
          outbox.push(1, fresh);
        }
        while (outbox.size > 0) for (const { signals } of outbox.take(2)) check(signals);
        expect(open.size).toBe(0);
      }),
    );
  });

  it('holds no more than one signal per object and a few per scope', () => {
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 200 }), (signals) => {
        const outbox = new Outbox();
        outbox.push(1, signals);
        expect(outbox.size).toBeLessThanOrEqual(2 * 4 + 2 * 4);
      }),
    );
  });
});

const key = (s: Signal): string => {
  const data = (s as { data: { put?: { name: string }; del?: string } }).data;
  return `${s.scope} ${data.put?.name ?? data.del?.split('/').at(-1)}`;
};
