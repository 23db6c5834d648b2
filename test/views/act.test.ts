import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/actions/guard.ts';
import { usualClass } from '../../src/actions/policy.ts';
import type { Challenge } from '../../src/kernel/act.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { actStage } from '../support/act-stage.ts';

/** A node is asked to be cordoned, and the dialog is on screen. */
const cordonAsked = async (options: Parameters<typeof actStage>[0] = {}) => {
  const stage = actStage(options);
  stage.onNode('worker-1');
  stage.command('cordon');
  await stage.settle();
  return stage;
};

const withChallenge = (challenge: Challenge, more = {}) => ({
  facts: { policy: { ...usualClass, challenge, ...more } },
});

describe('agreeing to an action', () => {
  it('given a dialog, when enter is pressed alone, then nothing is sent, and it says so', async () => {
    const { press, prompt, sent, kinds, settle } = await cordonAsked();
    press('enter', 'enter', 'enter');
    await settle();
    expect(prompt()).toMatchObject({ kind: 'agree', wrong: 'enter alone agrees to nothing' });
    expect([sent, kinds()]).toEqual([[], ['asked', 'judged']]);
  });

  it.each(['worker-2', 'worker-', 'worker-11', 'WORKER-1', ' worker-1', 'y', 'yes'])(
    'given %j typed as the name, when enter is pressed, then nothing is sent',
    async (name) => {
      const { press, type, prompt, sent, settle } = await cordonAsked();
      type(name);
      press('enter');
      await settle();
      expect(prompt()).toMatchObject({ wrong: 'that is not the name' });
      expect(sent).toEqual([]);
    },
  );

  it('given the name, when enter is pressed, then that request is sent once, and the audit has it before', async () => {
    const { press, type, sent, kinds, flow, text, settle } = await cordonAsked();
    type('worker-1');
    press('enter');
    await settle();
    expect(sent.map((r) => r.method)).toEqual(['PATCH']);
    expect(sent[0]?.path).toMatch(/^\/api\/v1\/nodes\/worker-1(?:\?|$)/);
    expect(kinds()).toEqual(['asked', 'judged', 'confirmed', 'judged', 'started', 'ended']);
    expect(flow()).toMatchObject({ kind: 'ended', result: { kind: 'done' } });
    expect(text()).toMatch(/✓ cordon node worker-1 +done after 0s/);
  });

  it('given the name pasted, then it is not taken; typed it is', async () => {
    const { board, press, type, prompt, sent, settle } = await cordonAsked();
    board.paste('worker-1\r');
    press('enter');
    await settle();
    expect(prompt()).toMatchObject({ text: '' });
    expect(sent).toEqual([]);
    type('worker-1');
    press('enter');
    await settle();
    expect(sent.length).toBe(1);
  });

  it('given keys typed before the dialog is there, then none of them is an answer', async () => {
    const { onNode, command, press, sent, kinds, settle } = actStage();
    onNode('worker-1');
    command('cordon');
    press('y', 'enter', 'enter', 'j', 'space');
    await settle();
    press('enter');
    await settle();
    expect([sent, kinds()]).toEqual([[], ['asked', 'judged']]);
  });

  it('given a dialog, when esc is pressed, then it is declined and written down, and one is back where one was', async () => {
    const { press, place, flow, audit, sent, settle } = await cordonAsked();
    press('esc');
    await settle();
    expect([place().view, flow(), sent]).toEqual(['explorer', null, []]);
    expect(audit.at(-1)).toMatchObject({ kind: 'declined', act: 'act-1' });
  });

  it('given all erased, then the dialog stays', async () => {
    const { press, prompt } = await cordonAsked();
    press('a', 'backspace', 'backspace', 'backspace');
    expect(prompt()).toMatchObject({ kind: 'agree', text: '' });
  });

  it('given a dialog that is longer than the screen, when arrows are pressed, then it scrolls under what is typed', async () => {
    const { board, press, type, text, prompt } = await cordonAsked({
      facts: { windows: known([]) },
    });
    board.paint(80, 12);
    type('work');
    expect(text(80, 12)).toMatch(/1-\d+ of \d+, up and down scroll/);
    press('down', 'pagedown', 'pagedown', 'pagedown', 'pagedown', 'pagedown');
    expect(text(80, 12)).not.toContain('1-4 of');
    expect(text(80, 12)).toMatch(/act act-1, digest/);
    expect(prompt()?.text).toBe('work');
  });
});

describe('other ways to agree', () => {
  it('given a reason is asked for, then it has to be long enough, and stands in the audit', async () => {
    const stage = await cordonAsked(withChallenge({ kind: 'reason', least: 10 }));
    stage.type('short');
    stage.press('enter');
    expect(stage.prompt()).toMatchObject({ wrong: expect.stringContaining('10 characters') });
    stage.type(' but now long enough');
    stage.press('enter');
    await stage.settle();
    expect(stage.sent.length).toBe(1);
    expect(stage.audit.find((f) => f.kind === 'confirmed')).toMatchObject({
      reason: 'short but now long enough',
    });
  });

  it('given a key is asked for on a change, then the name is, all the same', async () => {
    const { prompt } = await cordonAsked(withChallenge({ kind: 'key' }));
    expect(prompt()).toMatchObject({ kind: 'agree', question: { kind: 'name' } });
  });

  it('given another person is needed, then their agreement is looked up first, and then the name is asked for', async () => {
    let agreed: string | null = null;
    const codes: string[] = [];
    const stage = await cordonAsked({
      ...withChallenge({ kind: 'name' }, { secondPerson: ['cordon'] }),
      deps: {
        approved: async (_asked, code) => {
          codes.push(code);
          return ok(agreed);
        },
      },
    });
    expect(stage.prompt()).toMatchObject({ question: { kind: 'second-person' } });
    expect(stage.text(120, 40).replace(/\s+/g, ' ')).toContain('midwatch approve');
    stage.press('enter');
    await stage.settle();
    expect(stage.prompt()).toMatchObject({ wrong: 'nobody else has agreed yet' });
    agreed = 'bo';
    stage.board.paste('CODE-1');
    stage.press('enter');
    await stage.settle();
    expect([codes, stage.sent]).toEqual([['', 'CODE-1'], []]);
    expect(stage.prompt()).toMatchObject({ question: { kind: 'name' } });
  });
});

describe('what is refused', () => {
  it('given a read-only session, then the reasons and the way out are told, and no key agrees to it', async () => {
    const { text, press, prompt, sent, kinds, settle } = await cordonAsked({ mode: 'read-only' });
    const all = text(120, 40).replace(/\s+/g, ' ');
    expect(all).toContain('denied by one guard');
    expect(all).toContain('this session is read-only');
    expect(all).toContain(':break-glass asks for a reason and a ticket');
    expect(all).toContain('Elsewhere: kubectl cordon worker-1');
    press('enter', 'y', 'enter');
    await settle();
    expect([prompt(), sent, kinds()]).toEqual([null, [], ['asked', 'judged', 'declined']]);
  });

  it('given it is denied, when one leaves, then it is declined once only', async () => {
    const { press, kinds, place, settle } = await cordonAsked({ mode: 'read-only' });
    press('esc');
    await settle();
    expect(place().view).toBe('explorer');
    expect(kinds()).toEqual(['asked', 'judged', 'declined']);
  });

  it('given the glass is broken from the dialog, then it is asked again at once, loudly, and still wants the name', async () => {
    const { command, type, press, text, prompt, sent, settle } = await cordonAsked({
      mode: 'read-only',
    });
    command('break-glass');
    type('etcd has no quorum');
    press('enter');
    type('INC-42');
    press('enter');
    await settle();
    const all = text(80, 24);
    expect(all).toContain('GLASS BROKEN 30m');
    expect(all).toContain('the glass is broken for 30m more (:mend-glass): INC-42 etcd has no');
    expect(prompt()).toMatchObject({ question: { kind: 'name' } });
    expect(sent).toEqual([]);
    type('worker-1');
    press('enter');
    await settle();
    expect(sent.length).toBe(1);
    press('esc');
    command('mend-glass');
    await settle();
    expect(text(80, 24)).not.toContain('GLASS BROKEN');
  });

  it('given rights that are not known, then it is denied, and breaking the glass is not offered', async () => {
    const { text } = await cordonAsked({
      facts: { rights: new Map([['patch nodes worker-1', unknown('no answer in time')]]) },
    });
    const all = text(120, 40).replace(/\s+/g, ' ');
    expect(all).toContain('no answer in time');
    expect(all).toContain('Nothing opens it from here');
  });

  it('given what cannot be planned, then why is told, and r asks again', async () => {
    const { onNode, command, settle, text, press, kinds } = actStage({
      deps: {
        pipeline: {
          ask: async () =>
            failed(failure('absent', 'plan', 'the node is gone', { hint: 'look again' })),
          carryOut: async () => ({ kind: 'done', text: '', bytes: 0 }),
          decline: async () => undefined,
        },
      },
    });
    onNode('worker-1');
    command('cordon');
    await settle();
    expect(text()).toContain('the node is gone');
    expect(text()).toContain('→ look again');
    press('r');
    await settle();
    expect([text().includes('the node is gone'), kinds()]).toEqual([true, []]);
  });
});
