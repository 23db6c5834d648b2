import { describe, expect, it } from 'vitest';
import type { EffectAnswer, EffectPorts } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { seconds } from '../../src/kernel/units.ts';
import { actOn } from '../support/act-on.ts';
import { clusterId, memberIds } from '../support/etcd-world.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { sampleWishes, sampleWorld } from '../support/sample-acts.ts';

type Member = { leader: string; index: number; up: boolean; size: number };

/** Three members that are made up; what happens at each defragmentation is said by the test. */
const played = (at: (n: number, members: Member[]) => Result<EffectAnswer> | null) => {
  const members: Member[] = [0, 1, 2].map(() => ({
    leader: memberIds[0] ?? '',
    index: 500,
    up: true,
    size: 4096,
  }));
  const order: number[] = [];
  const clock = new FakeClock();
  const numberOf = (endpoint: string) => Number(/10\.88\.0\.(\d)/.exec(endpoint)?.[1]) - 1;
  const statusText = (endpoint: string): Result<string> => {
    const n = numberOf(endpoint);
    const m = members[n];
    if (m?.up !== true) return failed(failure('unreachable', 'ask', 'nobody is there'));
    return ok(
      JSON.stringify({
        header: { cluster_id: clusterId, member_id: memberIds[n], revision: '9' },
        leader: m.leader,
        raftIndex: String(m.index),
        raftAppliedIndex: String(m.index),
        raftTerm: '7',
        dbSize: String(m.size),
        version: '3.6.8',
      }),
    );
  };
  const etcd: EffectPorts['etcd'] = async ({ endpoint, path }) => {
    if (path.endsWith('/status')) {
      const text = statusText(endpoint);
      return text.ok ? ok({ status: 200, body: text.value }) : text;
    }
    const n = numberOf(endpoint);
    order.push(n);
    const answer = at(n, members);
    const member = members[n];
    if (member !== undefined) member.size = 1024;
    return answer ?? ok({ status: 200, body: '{}' });
  };
  const door = actOn({
    ports: { etcd },
    reads: { etcdStatus: async (_, endpoint) => statusText(endpoint) },
    world: sampleWorld,
    clock,
  });
  const run = async () => {
    const wish = sampleWishes['etcd-defrag'];
    if (wish === undefined) throw new Error('no wish');
    const asked = await door.ask('etcd-defrag', wish.subject);
    const ended = door.carryOut(asked);
    let over = false;
    void ended.finally(() => {
      over = true;
    });
    while (!over) await clock.advance(seconds(1));
    return await ended;
  };
  return { run, order, door };
};

describe('members that are defragmented in turn', () => {
  it('given all well, when carried out, then sizes before and after are told', async () => {
    const { run, order } = played(() => null);
    expect(await run()).toMatchObject({
      kind: 'done',
      text: 'defragmented 3 members: all files together 12 KiB → 3 KiB',
    });
    expect(order).toEqual([1, 2, 0]);
  });

  it('given one that comes back only after a while, when it was its turn, then it is waited for', async () => {
    let looked = 0;
    const { run, order, door } = played((n, members) => {
      const own = members[n];
      if (n !== 1 || own === undefined) return null;
      Object.defineProperty(own, 'up', {
        get: () => {
          looked += 1;
          return looked > 6;
        },
      });
      return null;
    });
    expect(await run()).toMatchObject({ kind: 'done' });
    expect(order).toEqual([1, 2, 0]);
    expect(door.progress.join()).toMatch(/waiting until all are well: 10\.88\.0\.2:2379/);
  });

  it.each([
    [
      'another one dies',
      (members: Member[]) => Object.assign(members[2] ?? {}, { up: false }),
      /10\.88\.0\.3:2379: nobody is there/,
    ],
    [
      'nobody leads',
      (members: Member[]) => members.map((m) => Object.assign(m, { leader: '0' })),
      /knows of no leader/,
    ],
    [
      'two lead',
      (members: Member[]) => Object.assign(members[2] ?? {}, { leader: memberIds[2] }),
      /different leaders/,
    ],
    [
      'one falls behind',
      (members: Member[]) => Object.assign(members[0] ?? {}, { index: 90_000 }),
      /behind the others/,
    ],
    [
      'the next one becomes leader',
      (members: Member[]) => members.map((m) => Object.assign(m, { leader: memberIds[2] })),
      /it leads now/,
    ],
  ])(
    'given %s after the first turn, when carried out, then it stops there',
    async (_, harm, why) => {
      const { run, order } = played((n, members) => {
        if (n === 1) harm(members);
        return null;
      });
      expect(await run()).toMatchObject({
        kind: 'failed',
        failure: {
          message: expect.stringMatching(
            new RegExp(`${why.source}[\\s\\S]*defragmented so far: 10.88.0.2:2379$`),
          ),
        },
      });
      expect(order).toEqual([1]);
    },
  );

  it('given an answer that never comes, when carried out, then nobody knows, and what was done is told', async () => {
    const { run } = played((n) =>
      n === 2 ? failed(failure('ended', 'post', 'the line was cut')) : null,
    );
    expect(await run()).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/10\.88\.0\.3:2379: the line was cut[\s\S]*so far: 10\.88\.0\.2/),
    });
  });

  it('given a member that refuses, when carried out, then its words are told', async () => {
    const { run, order } = played((n) =>
      n === 1 ? ok({ status: 500, body: '{"code":13,"message":"no space left on device"}' }) : null,
    );
    expect(await run()).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/no space left on device; nothing was/) },
    });
    expect(order).toEqual([1]);
  });
});
