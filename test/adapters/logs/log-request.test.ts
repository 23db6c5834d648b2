import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogQuestion, logPath } from '../../../src/adapters/logs/log-request.ts';
import { bytes, mib } from '../../../src/kernel/units.ts';

const question: LogQuestion = {
  namespace: 'shop',
  pod: 'cart-0',
  container: 'app',
  from: { kind: 'age', seconds: 600 },
  tail: null,
  limitBytes: mib(1),
  previous: false,
  follow: false,
};

const queryOf = (path: string): Record<string, string> =>
  Object.fromEntries(new URL(path, 'http://api').searchParams);

describe('a request for logs', () => {
  it('given an age, when it is built, then seconds, a limit and times are in it', () => {
    const path = logPath(question);
    expect(path.split('?')[0]).toBe('/api/v1/namespaces/shop/pods/cart-0/log');
    expect(queryOf(path)).toEqual({
      container: 'app',
      timestamps: 'true',
      sinceSeconds: '600',
      limitBytes: '1048576',
    });
  });

  it('given a time, lines, and the run before, when it is built, then all of them are in it', () => {
    const from = { kind: 'time', second: 1_795_433_401 } as const;
    const path = logPath({ ...question, from, tail: 20, previous: true });
    expect(queryOf(path)).toEqual({
      container: 'app',
      timestamps: 'true',
      sinceTime: '2026-11-23T11:30:01Z',
      tailLines: '20',
      limitBytes: '1048576',
      previous: 'true',
    });
  });

  it('given any numbers, when it is built, then it is bounded or is not built at all', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, Number.NaN));
    const from = fc.oneof(
      number.map((seconds) => ({ kind: 'age' as const, seconds })),
      number.map((second) => ({ kind: 'time' as const, second })),
      fc.constant({ kind: 'newest' as const }),
    );
    fc.assert(
      fc.property(from, fc.option(number), number, fc.boolean(), (f, tail, limit, follow) => {
        let path: string;
        try {
          path = logPath({ ...question, from: f, tail, limitBytes: bytes(limit), follow });
        } catch {
          return;
        }
        const query = queryOf(path);
        expect(Number(query.limitBytes)).toBeGreaterThan(0);
        const begins = query.sinceSeconds ?? query.sinceTime ?? query.tailLines;
        expect(begins).toMatch(/^[1-9]/);
      }),
    );
  });

  it('given names that are none, when it is built, then it is not', () => {
    for (const pod of ['', '..', 'a/../b', 'a?x=1', 'A', '%2e%2e']) {
      expect(() => logPath({ ...question, pod })).toThrow();
      expect(() => logPath({ ...question, container: pod })).toThrow();
    }
  });
});
