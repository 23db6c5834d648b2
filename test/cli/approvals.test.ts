import { describe, expect, it } from 'vitest';
import { type Facts, known, unknown } from '../../src/actions/guard.ts';
import type { Asked } from '../../src/actions/pipeline.ts';
import { approvalCode, approvalLife, newApproverKey } from '../../src/adapters/approval-code.ts';
import { approvals } from '../../src/cli/approvals.ts';
import type { ActPlan } from '../../src/kernel/act.ts';
import { after } from '../../src/kernel/units.ts';
import { FakeClock } from '../support/fake-clock.ts';

const digest = 'ab'.repeat(32);
const context = 'prod';
const ben = newApproverKey();

const start = (identity: Facts['identity'] = known('ana@corp')) => {
  const clock = new FakeClock();
  const session = approvals({
    clock,
    context,
    person: 'ana',
    approvers: [{ name: 'ben', publicKey: ben.publicKey }],
  });
  /** The same to the letter, asked once more. */
  const ask = (): Asked =>
    ({ act: 'a', plan: { digest } as ActPlan, facts: { identity } as Facts }) as Asked;
  const code = (who = 'ben@corp') => {
    const until = after(clock.now(), approvalLife);
    const made = approvalCode(
      { digest, context, name: 'ben', identity: who, until },
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

  it('given the one who asks, when they agree with themselves, then nobody has', async () => {
    const { take, of, ask, code } = start();
    const asked = ask();
    expect(await take(asked, code('ana@corp'))).toMatchObject({ ok: false });
    expect(await of(asked.plan)).toEqual(known(null));
  });
});
