import { describe, expect, it } from 'vitest';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { seconds } from '../../src/kernel/units.ts';
import { actStage } from '../support/act-stage.ts';

/** A node is asked to be cordoned, and the dialog is on screen. */
const cordonAsked = async (options: Parameters<typeof actStage>[0] = {}) => {
  const stage = actStage(options);
  stage.onNode('worker-1');
  stage.command('cordon');
  await stage.settle();
  return stage;
};

describe('while it runs, and after', () => {
  const hanging = {
    answer: (_: unknown, signal: AbortSignal) =>
      new Promise<ReturnType<typeof failed>>((resolve) => {
        signal.addEventListener('abort', () =>
          resolve(failed(failure('ended', 'send', 'the connection was cut'))),
        );
      }),
  };

  const running = async () => {
    const stage = await cordonAsked(hanging);
    stage.type('worker-1');
    stage.press('enter');
    await stage.settle();
    return stage;
  };

  it('given it runs, then its time moves, and one esc only tells what giving up means', async () => {
    const { text, clock, press, flow, settle } = await running();
    expect(text()).toMatch(/runs since 0s/);
    await clock.advance(seconds(1));
    await settle();
    await clock.advance(seconds(1));
    await settle();
    expect(text()).toMatch(/runs since 2s/);
    press('esc');
    expect(text().replace(/\s+/g, ' ')).toContain('What was sent stays sent');
    expect(flow()).toMatchObject({ kind: 'running', abort: { kind: 'offered' } });
  });

  it('given esc twice, then nothing more is sent, and what came of it is unknown, not failed', async () => {
    const { text, press, flow, audit, settle } = await running();
    press('esc', 'ctrl-c');
    await settle();
    expect(flow()).toMatchObject({ kind: 'ended', result: { kind: 'unknown' } });
    expect(text()).toContain('It may have been done: look before you do it again.');
    expect(audit.at(-1)).toMatchObject({ kind: 'ended', result: { kind: 'unknown' } });
  });

  it('given one esc, when ten seconds pass, then the next one asks again', async () => {
    const { clock, press, flow, settle } = await running();
    press('esc');
    for (let i = 0; i < 12; i += 1) {
      await clock.advance(seconds(1));
      await settle();
    }
    expect(flow()).toMatchObject({ abort: { kind: 'no' } });
    press('esc');
    expect(flow()).toMatchObject({ kind: 'running', abort: { kind: 'offered' } });
  });

  it('given it runs, then q does not leave the program, another action does not begin, and other views can be looked at', async () => {
    const { command, press, quits, notice, place, press: keys, settle } = await running();
    keys('2');
    expect(place().view).toBe('etcd');
    press('q');
    expect([quits(), place().view]).toEqual([0, 'act']);
    expect(notice()).toContain('cordon node worker-1 runs');
    command('nodes');
    command('cordon');
    await settle();
    expect(notice()).toContain('cordon node worker-1 runs; :act shows it');
  });

  it('given another view is on screen when it ends, then a line tells what came of it', async () => {
    let answer: (value: ReturnType<typeof ok<{ status: number; body: string }>>) => void = () =>
      undefined;
    const stage = await cordonAsked({
      answer: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    stage.type('worker-1');
    stage.press('enter');
    await stage.settle();
    stage.press('2');
    answer(ok({ status: 200, body: '{}' }));
    await stage.settle();
    expect(stage.notice()).toBe('cordon node worker-1: done; :act tells');
  });

  it('given the server says no, then its words are told, and enter leads to the object', async () => {
    const { type, press, text, place, flow, settle } = await cordonAsked({
      answer: async () => ok({ status: 409, body: '{"message":"the object has been modified"}' }),
    });
    type('worker-1');
    press('enter');
    await settle();
    expect(text()).toContain('the object has been modified');
    press('enter');
    expect(place()).toMatchObject({ view: 'describe', args: { name: 'worker-1' } });
    expect(flow()).toBeNull();
  });

  it('given a second wish while one waits, then the first is declined', async () => {
    const stage = await cordonAsked();
    stage.session.dispatch({ kind: 'prompt', prompt: null });
    stage.command('nodes');
    stage.command('cordon');
    await stage.settle();
    expect(stage.audit.filter((f) => f.kind === 'declined').map((f) => f.act)).toEqual(['act-1']);
    expect(stage.flow()).toMatchObject({ kind: 'asked', asked: { act: 'act-2' } });
  });
});

describe('inputs', () => {
  const scaling = () => {
    const stage = actStage();
    stage.command('deploy web');
    stage.press('/');
    stage.type('checkout');
    stage.press('enter');
    return stage;
  };

  it('given no number, then it is asked for with what stands now, and nothing is written down meanwhile', async () => {
    const { command, prompt, press, kinds, place, text } = scaling();
    command('scale');
    expect(prompt()).toMatchObject({ kind: 'input', input: { name: 'replicas', usual: '2' } });
    expect(text(80, 24).split('\n').at(-1)).toContain('enter takes 2, tab edits it');
    press('esc');
    expect([prompt(), kinds(), place().view]).toEqual([null, [], 'explorer']);
  });

  it('given what cannot be a number, then why not is told, and it stays', async () => {
    const { command, prompt, press, type } = scaling();
    command('scale');
    type('many');
    press('enter');
    expect(prompt()).toMatchObject({
      kind: 'input',
      text: 'many',
      wrong: expect.stringMatching(/./),
    });
  });

  it('given tab, then what stands now is edited; enter goes on to the plan', async () => {
    const { command, prompt, press, type, settle, flow } = scaling();
    command('scale');
    press('tab');
    expect(prompt()?.text).toBe('2');
    press('ctrl-u');
    type('5');
    press('enter');
    await settle();
    expect(flow()).toMatchObject({
      kind: 'asked',
      asked: { plan: { title: expect.stringContaining('to 5'), args: { replicas: '5' } } },
    });
  });
});
