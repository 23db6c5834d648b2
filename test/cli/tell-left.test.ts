import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/cli/found.ts';
import type { Reconciled } from '../../src/cli/reconcile.ts';
import { tellLater, tellLeft } from '../../src/cli/tell-left.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { seconds } from '../../src/kernel/units.ts';
import { FakeClock } from '../support/fake-clock.ts';

const never = new AbortController().signal;
const cordoned: Found = { kind: 'told', text: 'nodes n1 now: cordoned' };
const later: Found = { kind: 'later', why: 'connection refused' };
const unanswered: Reconciled['end'] = { kind: 'unknown', why: 'the line broke' };

const one = (
  title: string,
  more: Partial<Omit<Reconciled, 'asked'>> = {},
  asked: Partial<Reconciled['asked']> = {},
): Reconciled => ({
  asked: { title, effect: 'write', action: 'cordon', ...asked } as Reconciled['asked'],
  started: {} as Reconciled['started'],
  end: { kind: 'open' },
  found: cordoned,
  ...more,
});

type Look = () => Promise<Result<readonly Reconciled[]>>;

const told = async (look: Look, signal: AbortSignal = never) => {
  const said: unknown[] = [];
  const waits = await tellLeft(look, { dispatch: (event) => void said.push(event) }, signal);
  return { said, waits };
};

const noticeOf = (text: string) => ({ kind: 'notice', notice: { tone: 'warn', text } });

describe('what is left without an end', () => {
  it('given an act of a program that was killed, then what it was and what is there now, in plain text', async () => {
    expect(await told(async () => ok([one('cordon \u001b[31mnode n1')]))).toEqual({
      said: [
        noticeOf(
          'cordon node n1: midwatch ended before it did; nodes n1 now: cordoned; :acts tells',
        ),
      ],
      waits: false,
    });
  });

  it('given one that was never answered, then that, and not that a program ended', async () => {
    expect((await told(async () => ok([one('cordon node n1', { end: unanswered })]))).said).toEqual(
      [noticeOf('cordon node n1: never answered; nodes n1 now: cordoned; :acts tells')],
    );
  });

  it('given one for which nobody answers now, then why, and it waits', async () => {
    expect(await told(async () => ok([one('cordon node n1', { found: later })]))).toEqual({
      said: [
        noticeOf(
          'cordon node n1: midwatch ended before it did; nobody answers for it now (connection refused); :acts tells',
        ),
      ],
      waits: true,
    });
  });

  it('given several, then how many, and where to look', async () => {
    expect(JSON.stringify((await told(async () => ok([one('a'), one('b')]))).said)).toContain(
      '2 acts were started and nobody knew how they ended; :acts tells',
    );
  });

  it('given what only reads, then nothing is said of it; a snapshot leaves a file', async () => {
    const reads = one('logs', {}, { effect: 'read', action: 'logs' });
    const saves = one('save a snapshot', {}, { effect: 'read', action: 'etcd-snapshot' });
    expect((await told(async () => ok([reads]))).said).toEqual([]);
    expect((await told(async () => ok([reads, saves]))).said).toHaveLength(1);
  });

  it.each([
    ['nothing', async () => ok([]), never],
    ['a file that cannot be read', async () => failed(failure('broken', 'read', 'no')), never],
    ['a bug', () => Promise.reject(new Error('no')), never],
    ['a session that is over', async () => ok([one('a')]), AbortSignal.abort()],
  ])('given %s, then nothing is said', async (_, look, signal) => {
    expect(await told(look, signal)).toEqual({ said: [], waits: false });
  });
});

describe('what waits to be looked at', () => {
  it('given a server that comes back, then it is looked at again until it is told, and only that is news', async () => {
    const clock = new FakeClock();
    const answers: readonly Found[] = [later, later, cordoned];
    let looks = 0;
    const look: Look = async () => {
      const found = answers[looks] ?? cordoned;
      looks += 1;
      return ok([one('cordon node n1', { found })]);
    };
    const said: unknown[] = [];
    const done = tellLater(look, { dispatch: (e) => void said.push(e) }, clock, never);
    await clock.advance(seconds(60));
    expect([looks, said]).toEqual([2, []]);
    await clock.advance(seconds(30));
    await done;
    expect([looks, said.length]).toEqual([3, 1]);
  });

  it('given a session that ends, then nobody looks any more', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    let looks = 0;
    const look: Look = async () => {
      looks += 1;
      return ok([one('a', { found: later })]);
    };
    const done = tellLater(look, { dispatch: () => {} }, clock, stop.signal);
    stop.abort();
    await done;
    expect(looks).toBe(0);
  });
});
