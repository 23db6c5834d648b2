import { describe, expect, it } from 'vitest';
import { cordon } from '../../src/actions/cordon.ts';
import { type Facts, known, unknown } from '../../src/actions/guard.ts';
import { secondPerson } from '../../src/actions/guards/second-person.ts';
import { type Asked, openPipeline } from '../../src/actions/pipeline.ts';
import { usualClass } from '../../src/actions/policy.ts';
import { approvalCode, approvalLife, newApproverKey } from '../../src/adapters/approval-code.ts';
import type { ClusterMark } from '../../src/adapters/cluster-mark.ts';
import { approvals } from '../../src/cli/approvals.ts';
import type { ActPlan } from '../../src/kernel/act.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { after } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { noPorts, noReads, sceneOf } from '../support/act-on.ts';
import { FakeClock } from '../support/fake-clock.ts';

const digest = 'ab'.repeat(32);
const cluster: ClusterMark = { uid: 'u-1', server: 'c'.repeat(64) };
const read = { whyNoUid: '', whyNoServer: '' };
const { signal } = new AbortController();
const ben = newApproverKey();

const start = (
  identity: Facts['identity'] = known('ana@corp'),
  here: Result<ClusterMark> = ok(cluster),
) => {
  const clock = new FakeClock();
  const session = approvals(
    {
      clock,
      cluster: async () => (here.ok ? ok({ ...read, mark: here.value }) : here),
      person: 'ana',
      approvers: [{ name: 'ben', publicKey: ben.publicKey }],
    },
    signal,
  );
  /** The same to the letter, asked once more. */
  const ask = (): Asked =>
    ({ act: 'a', plan: { digest } as ActPlan, facts: { identity } as Facts }) as Asked;
  const code = (who = 'ben@corp') => {
    const until = after(clock.now(), approvalLife);
    const made = approvalCode(
      { digest, cluster, name: 'ben', identity: who, until },
      ben.privateKey,
    );
    if (!made.ok) throw new Error(made.failure.message);
    return made.value;
  };
  return { ...session, clock, ask, code };
};

describe('agreements of other people', () => {
  it('given a code, when it is taken, then it stands for that plan, for its time', async () => {
    const { take, of, ask, code, clock } = start();
    const asked = ask();
    expect(await take(asked, '')).toEqual({ ok: true, value: null });
    expect(await take(asked, ` ${code()}\n`)).toEqual({ ok: true, value: 'ben (ben@corp)' });
    expect(await take(asked, '')).toEqual({ ok: true, value: 'ben (ben@corp)' });
    expect(await of(asked.plan)).toEqual(known('ben (ben@corp)'));
    await clock.advance(approvalLife);
    expect(await of(asked.plan)).toEqual(known(null));
  });

  it('given the same wish once more, when nobody agrees anew, then nobody has, and the old code is spent', async () => {
    const { take, of, ask, code } = start();
    const first = ask();
    const once = code();
    await take(first, once);
    expect(await take(first, once)).toMatchObject({ ok: true });
    const second = ask();
    expect(await of(second.plan)).toEqual(known(null));
    expect(await take(second, once)).toMatchObject({
      ok: false,
      failure: { message: 'it was given for an earlier wish' },
    });
    expect(await of(second.plan)).toEqual(known(null));
  });

  it('given somebody whom the server does not name, when they bring a code, then it does not count', async () => {
    for (const identity of [unknown('404'), known('')]) {
      const { take, of, ask, code } = start(identity);
      const asked = ask();
      expect(await take(asked, code())).toMatchObject({
        ok: false,
        failure: { kind: 'forbidden' },
      });
      expect(await of(asked.plan)).toEqual(known(null));
    }
  });

  it('given a cluster that may not be asked for its uid, when a code comes, then who agrees is told with what it is known by', async () => {
    const { take, of, ask, code } = start(known('ana@corp'), ok({ ...cluster, uid: null }));
    const asked = ask();
    const who = 'ben (ben@corp), the cluster known by address and CA of its server only';
    expect(await take(asked, code())).toEqual(ok(who));
    expect(await of(asked.plan)).toEqual(known(who));
  });

  it('given another cluster, or one that does not answer, when a code comes, then it opens nothing', async () => {
    const silent = failed(failure('unreachable', 'get', 'nobody answers'));
    for (const here of [ok({ ...cluster, uid: 'u-2' }), silent]) {
      const { take, of, ask, code } = start(known('ana@corp'), here);
      const asked = ask();
      expect(await take(asked, code())).toMatchObject({ ok: false });
      expect(await of(asked.plan)).toEqual(known(null));
    }
  });

  it('given the one who asks, when they agree with themselves, then nobody has', async () => {
    const { take, of, ask, code } = start();
    const asked = ask();
    expect(await take(asked, code('ana@corp'))).toMatchObject({ ok: false });
    expect(await of(asked.plan)).toEqual(known(null));
  });

  it('given a plan that needs another person, when they agree, then it is done once, and not again without them', async () => {
    const clock = new FakeClock();
    const agreed = approvals(
      {
        clock,
        cluster: async () => ok({ ...read, mark: cluster }),
        person: 'ana',
        approvers: [{ name: 'ben', publicKey: ben.publicKey }],
      },
      signal,
    );
    let sent = 0;
    const facts: Facts = {
      mode: 'guarded',
      production: false,
      policy: { ...usualClass, secondPerson: ['cordon'] },
      identity: known('ana@corp'),
      rights: new Map(),
      uid: known(''),
      windows: known([]),
      used: { bytes: 0, streams: 0 },
      writes: [],
      glass: null,
      approval: known(null),
      audit: known(true),
    };
    const pipeline = openPipeline({
      actions: [cordon],
      guards: [secondPerson],
      clock,
      audit: async () => ok(undefined),
      by: 'ana',
      process: '',
      scene: () => sceneOf(emptyWorld),
      gather: async (plan) => ({ ...facts, approval: await agreed.of(plan) }),
      ports: {
        ...noPorts,
        kubernetes: async () => {
          sent += 1;
          return ok({ status: 200, body: '{}' });
        },
      },
      // For actions that read what they change once more.
      reads: noReads,
      newId: () => crypto.randomUUID(),
    });
    const subject = {
      kind: 'object',
      resource: 'nodes',
      namespace: '',
      name: 'n1',
      uid: null,
    } as const;
    const never = new AbortController().signal;
    const ask = async (): Promise<Asked> => {
      const intent = { action: 'cordon', subject, args: {}, origin: 'screen' } as const;
      const asked = await pipeline.ask(intent, never);
      if (!asked.ok) throw new Error(asked.failure.message);
      return asked.value;
    };
    const carryOut = (asked: Asked) =>
      pipeline.carryOut(
        asked,
        { digest: asked.plan.digest, name: '', reason: '' },
        { terminal: null, progress: () => undefined, logs: () => undefined },
        never,
      );
    expect(await carryOut(await ask())).toMatchObject({ kind: 'failed' });
    const asked = await ask();
    const made = approvalCode(
      {
        digest: asked.plan.digest,
        cluster,
        name: 'ben',
        identity: '',
        until: after(clock.now(), approvalLife),
      },
      ben.privateKey,
    );
    if (!made.ok) throw new Error(made.failure.message);
    expect(await agreed.take(asked, made.value)).toMatchObject({ ok: true, value: 'ben' });
    expect(await carryOut(asked)).toMatchObject({ kind: 'done' });
    const again = await ask();
    expect(again.plan.digest).toBe(asked.plan.digest);
    expect(await agreed.take(again, made.value)).toMatchObject({ ok: false });
    expect(await carryOut(again)).toMatchObject({ kind: 'failed' });
    expect(sent).toBe(1);
  });
});
