import { describe, expect, it } from 'vitest';
import type { Reconciled } from '../../src/cli/reconcile.ts';
import { tellLeft } from '../../src/cli/tell-left.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';

const never = new AbortController().signal;
const one = (title: string): Reconciled => ({
  asked: { title } as Reconciled['asked'],
  text: 'nodes n1 now: cordoned',
});

const told = async (
  look: () => Promise<Result<readonly Reconciled[]>>,
  signal: AbortSignal = never,
): Promise<readonly unknown[]> => {
  const said: unknown[] = [];
  await tellLeft(look, { dispatch: (event) => void said.push(event) }, signal);
  return said;
};

describe('what programs have left behind', () => {
  it('given one act, then what it was and what is there now, in plain text', async () => {
    expect(await told(async () => ok([one('cordon \u001b[31mnode n1')]))).toEqual([
      {
        kind: 'notice',
        notice: {
          tone: 'warn',
          text: 'cordon node n1: midwatch ended before it did; nodes n1 now: cordoned; :acts tells',
        },
      },
    ]);
  });

  it('given several, then how many, and where to look', async () => {
    expect(JSON.stringify(await told(async () => ok([one('a'), one('b')])))).toContain(
      '2 acts have started and midwatch ended before they did; :acts tells',
    );
  });

  it.each([
    ['nothing', async () => ok([]), never],
    ['a file that cannot be read', async () => failed(failure('broken', 'read', 'no')), never],
    ['a bug', () => Promise.reject(new Error('no')), never],
    ['a session that is over', async () => ok([one('a')]), AbortSignal.abort()],
  ])('given %s, then nothing is said', async (_, look, signal) => {
    expect(await told(look, signal)).toEqual([]);
  });
});
