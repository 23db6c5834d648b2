import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/actions/guard.ts';
import { type ActFact, actFactSchema } from '../../src/kernel/act-fact.ts';
import { ok } from '../../src/kernel/failure.ts';
import { actDoor, asks, denies, full, never, patchNumber } from '../support/act-door.ts';
import { goodFacts } from '../support/any-plan.ts';

const course = ['asked', 'judged', 'confirmed', 'judged', 'started', 'send', 'ended'];

const forbidden = (message: unknown) => ({
  kind: 'failed',
  failure: { kind: 'forbidden', message },
});

describe('the way from a wish to an effect', () => {
  it('given a wish that is agreed to, then it is sent after its start is safe, and each step stands in its facts', async () => {
    const door = actDoor();
    const asked = await door.ask();
    expect(door.log).toEqual(['asked', 'judged']);
    expect(await door.carryOut(asked)).toMatchObject({ kind: 'done' });
    expect(door.log).toEqual(course);
    expect(door.written.map((f) => f.act)).toEqual(Array(6).fill('act-1'));
    for (const fact of door.written) expect(actFactSchema.parse(fact)).toEqual(fact);
    const [first, , confirmed, , started] = door.written;
    expect(first).toMatchObject({
      title: asked.plan.title,
      digest: asked.plan.digest,
      requests: [expect.stringMatching(/^PATCH \/api\/v1\/namespaces\/shop\/pods\/cart-0 /)],
    });
    expect(confirmed).toMatchObject({ how: ['name'], digest: asked.plan.digest });
    expect(started).toMatchObject({ digest: asked.plan.digest, process: '1/a@bastion' });
  });

  it('given a plan of more requests than a fact holds, then how many more there are is told', async () => {
    const door = actDoor({
      plan: { requests: Array.from({ length: 130 }, (_, n) => patchNumber(n)) },
    });
    await door.ask();
    const { requests } = actFactSchema.parse(door.written[0]) as ActFact & { kind: 'asked' };
    expect(requests).toHaveLength(100);
    expect(requests.at(-1)).toBe('and 31 more');
  });

  it('given something that only reads and is allowed, then nobody is asked, and it is written down all the same', async () => {
    const door = actDoor({
      plan: { effect: 'read' },
      judge: () => ({ kind: 'allow', why: 'reads' }),
    });
    await door.carryOut(await door.ask(), { name: '' });
    expect(door.log).toEqual(course);
  });
});

describe('what is denied', () => {
  it('given a denial, when somebody agrees all the same, then nothing is sent', async () => {
    const door = actDoor({ judge: () => denies });
    const asked = await door.ask();
    expect(asked.verdict.outcome).toBe('deny');
    expect(await door.carryOut(asked)).toMatchObject(forbidden(/does not wait/));
    expect(door.log).toEqual(['asked', 'judged', 'declined']);
  });

  it('given a judgement that changes while a person thinks, then the second one holds', async () => {
    const door = actDoor({ judge: (n) => (n === 1 ? asks({ kind: 'name' }) : denies) });
    expect(await door.carryOut(await door.ask())).toMatchObject({
      kind: 'failed',
      failure: { kind: 'forbidden', message: 'not now', hint: 'wait for the window' },
    });
    expect(door.log).toEqual(['asked', 'judged', 'judged', 'declined']);
    expect(door.written[2]).toMatchObject({ stage: 'last', outcome: 'deny' });
  });

  it('given two judgements, then for the second nothing that is remembered will do', async () => {
    const looks: boolean[] = [];
    const door = actDoor({
      gather: async (_n, fresh) => {
        looks.push(fresh);
        return goodFacts();
      },
    });
    await door.carryOut(await door.ask());
    expect(looks).toEqual([false, true]);
  });

  it('given a stricter question at the second judgement, then what was typed for the first does not do', async () => {
    const door = actDoor({ judge: (n) => asks({ kind: n === 1 ? 'key' : 'second-person' }) });
    expect(await door.carryOut(await door.ask())).toMatchObject(forbidden(/another person/));
    expect(door.sent).toEqual([]);
  });

  it.each([1, 2])('given a guard that throws at judgement %i, then it is refused', async (bad) => {
    const door = actDoor({
      judge: (n) => {
        if (n === bad) throw new Error('a bug');
        return asks({ kind: 'name' });
      },
    });
    const asked = await door.pipeline.ask(door.intent, never);
    const refused = asked.ok ? await door.carryOut(asked.value) : asked;
    expect(refused).toMatchObject({ failure: { kind: 'broken', message: 'it broke off: a bug' } });
    expect(door.log.at(-1)).toBe('declined');
    expect(door.sent).toEqual([]);
  });

  it.each([1, 2])(
    'given facts that cannot be gathered at look %i, then it is refused',
    async (bad) => {
      const door = actDoor({
        gather: async (n) => {
          if (n === bad) throw new Error('nobody answers');
          return goodFacts();
        },
      });
      const asked = await door.pipeline.ask(door.intent, never);
      if (asked.ok) await door.carryOut(asked.value);
      expect(door.log.at(-1)).toBe('declined');
      expect(door.sent).toEqual([]);
    },
  );
});

describe('how a person agrees', () => {
  const approved = goodFacts({ approval: known('ben') });

  it.each([
    ['a wrong name', asks({ kind: 'name' }), { name: 'cart-1' }, /type cart-0/],
    ['no name', asks({ kind: 'name' }), { name: '' }, /type cart-0/],
    ['no reason', asks({ kind: 'reason', least: 10 }), { reason: '' }, /10 characters/],
    ['only spaces', asks({ kind: 'reason', least: 10 }), { reason: ' '.repeat(20) }, /say why/],
    ['nobody else', asks({ kind: 'second-person' }), {}, /midwatch approve [0-9a-f]{64}/],
    ['another plan', asks({ kind: 'key' }), { digest: 'e'.repeat(64) }, /another plan/],
    ['another plan, allowed', { kind: 'allow', why: 'reads' } as const, { digest: '' }, /another/],
  ])('given %s, then nothing is sent, and why is written', async (_, judgement, answer, why) => {
    const door = actDoor({ judge: () => judgement });
    expect(await door.carryOut(await door.ask(), answer)).toMatchObject(
      forbidden(expect.stringMatching(why)),
    );
    expect(door.log).toEqual(['asked', 'judged', 'declined']);
  });

  it('given a subject without a name, then typing nothing is no agreement', async () => {
    const door = actDoor({ plan: { typed: '' } });
    expect(await door.carryOut(await door.ask(), { name: '' })).toMatchObject({ kind: 'failed' });
    expect(door.sent).toEqual([]);
  });

  it('given another person who agrees, then who it is stands in what is written', async () => {
    const door = actDoor({
      judge: () => asks({ kind: 'second-person' }),
      gather: async () => approved,
    });
    expect(await door.carryOut(await door.ask())).toMatchObject({ kind: 'done' });
    expect(door.written[2]).toMatchObject({ approvedBy: 'ben', how: ['second-person'] });
  });

  it('given an agreement of another that cannot be looked up, then nobody has agreed', async () => {
    const door = actDoor({
      judge: () => asks({ kind: 'second-person' }),
      gather: async () => goodFacts({ approval: unknown('no key') }),
    });
    expect(await door.carryOut(await door.ask())).toMatchObject({ kind: 'failed' });
    expect(door.sent).toEqual([]);
  });

  it('given one agreement, when it is used again, at the same time or later, then it counts once', async () => {
    const door = actDoor();
    const asked = await door.ask();
    const both = await Promise.all([door.carryOut(asked), door.carryOut(asked)]);
    expect(both.map((r) => r.kind).toSorted()).toEqual(['done', 'failed']);
    expect(await door.carryOut({ ...asked })).toMatchObject(forbidden(/does not wait/));
    expect(door.log).toEqual(course);
  });

  it('given a wrong answer, then the right one afterwards is for another wish', async () => {
    const door = actDoor();
    const asked = await door.ask();
    await door.carryOut(asked, { name: 'x' });
    expect(await door.carryOut(asked)).toMatchObject({ kind: 'failed' });
    expect(door.sent).toEqual([]);
    expect(await door.carryOut(await door.ask())).toMatchObject({ kind: 'done' });
  });

  it('given a plan that was altered after it was judged, then nothing is sent, whatever its digest says', async () => {
    const door = actDoor();
    const asked = await door.ask();
    const plan = { ...asked.plan, requests: [patchNumber(9)] };
    expect(await door.carryOut({ ...asked, plan })).toMatchObject(forbidden(/another plan/));
    expect(door.log).toEqual(['asked', 'judged', 'declined']);
  });

  it('given who does not want it after all, then that is written once, and nothing can be sent', async () => {
    const door = actDoor();
    const asked = await door.ask();
    await door.pipeline.decline(asked, 'changed my mind');
    await door.pipeline.decline(asked, 'changed my mind');
    expect(await door.carryOut(asked)).toMatchObject({ kind: 'failed' });
    expect(door.log).toEqual(['asked', 'judged', 'declined']);
  });

  it('given more wishes than wait at once, then the oldest has to be asked for anew', async () => {
    const door = actDoor();
    const all = [];
    for (let n = 0; n <= 100; n += 1) all.push(await door.ask());
    expect(await door.carryOut(all[0]!)).toMatchObject(forbidden(/does not wait/));
    expect(await door.carryOut(all[1]!)).toMatchObject({ kind: 'done' });
  });
});

describe('an audit that cannot be written', () => {
  it('given none at the wish, then it is denied, and cannot be carried out later either', async () => {
    const door = actDoor({ audit: (n) => (n === 1 ? full : ok(undefined)) });
    const asked = await door.ask();
    expect(asked.verdict.outcome).toBe('deny');
    expect(await door.carryOut(asked)).toMatchObject({ kind: 'failed' });
    expect(door.sent).toEqual([]);
  });

  it('given none at the start, then nothing is sent, and where it can be written again it is over', async () => {
    const door = actDoor({ audit: (n) => (n === 3 ? full : ok(undefined)) });
    expect(await door.carryOut(await door.ask())).toMatchObject({
      kind: 'failed',
      failure: { message: 'no space is left' },
    });
    expect(door.log).toEqual(['asked', 'judged', 'declined', 'ended']);
  });

  it('given a sink that throws, then that is no permission either', async () => {
    const door = actDoor({
      audit: (n) => {
        if (n >= 3) throw new Error('gone');
        return ok(undefined);
      },
    });
    expect(await door.carryOut(await door.ask())).toMatchObject({ failure: { message: 'gone' } });
    expect(door.sent).toEqual([]);
  });

  it('given none when it has ended, then it is tried again, and then told', async () => {
    const door = actDoor({ audit: (n) => (n >= 4 ? full : ok(undefined)) });
    expect(await door.carryOut(await door.ask())).toMatchObject({ kind: 'done' });
    expect(door.count.audit).toBe(5);
    expect(door.told).toEqual(['how it ended could not be written down: no space is left']);
  });
});
