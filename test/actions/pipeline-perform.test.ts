import { describe, expect, it } from 'vitest';
import type { Tools } from '../../src/actions/action.ts';
import { performGrace } from '../../src/actions/perform-plan.ts';
import { ok } from '../../src/kernel/failure.ts';
import { seconds } from '../../src/kernel/units.ts';
import { actDoor, never, patchNumber } from '../support/act-door.ts';
import { settle } from '../support/fake-clock.ts';

const doneWith = (text: string) => ({ kind: 'done', text, bytes: 0 }) as const;
const wait = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('carrying out', () => {
  it('given an action that throws, then nobody knows what came of it, and that is written', async () => {
    const door = actDoor({
      perform: async (plan, { ports }) => {
        await ports.kubernetes(patchNumber(1), never);
        throw new Error(`${plan.action} is broken`);
      },
    });
    const result = await door.carryOut(await door.ask());
    expect(result).toEqual({ kind: 'unknown', why: 'it broke off: annotate is broken', bytes: 0 });
    expect(door.written.at(-1)).toMatchObject({ kind: 'ended', result });
  });

  it('given an action that throws before it promises anything, then it is the same', async () => {
    const door = actDoor({
      perform: () => {
        throw new Error('at once');
      },
    });
    expect(await door.carryOut(await door.ask())).toMatchObject({ kind: 'unknown' });
    expect(door.log.at(-1)).toBe('ended');
  });

  it('given somebody who gives up before it is judged again, then nothing is sent', async () => {
    const door = actDoor();
    expect(await door.carryOut(await door.ask(), {}, AbortSignal.abort())).toMatchObject({
      kind: 'failed',
      failure: { kind: 'ended' },
    });
    expect(door.log).toEqual(['asked', 'judged', 'declined']);
  });

  it('given somebody who gives up while the start is written, then nothing is sent, and it has ended', async () => {
    const end = new AbortController();
    const door = actDoor({
      audit: (n) => {
        if (n === 3) end.abort();
        return ok(undefined);
      },
    });
    expect(await door.carryOut(await door.ask(), {}, end.signal)).toMatchObject({
      kind: 'failed',
      failure: { message: 'it was given up; nothing was sent' },
    });
    expect(door.log).toEqual(['asked', 'judged', 'confirmed', 'judged', 'started', 'ended']);
  });

  it('given somebody who gives up under way, then the action hears it, and its word counts', async () => {
    const end = new AbortController();
    const door = actDoor({
      perform: async (_plan, { ports }, signal) => {
        await ports.kubernetes(patchNumber(1), signal);
        end.abort();
        expect(signal.aborted).toBe(true);
        return { kind: 'unknown', why: 'given up half way', bytes: 1 };
      },
    });
    expect(await door.carryOut(await door.ask(), {}, end.signal)).toMatchObject({
      kind: 'unknown',
      why: 'given up half way',
    });
  });

  it('given a plan whose time is over, then the action is told to end', async () => {
    const door = actDoor({
      perform: async (_plan, _tools, signal) => {
        await wait(signal);
        return doneWith('ended in order');
      },
    });
    const carried = door.carryOut(await door.ask());
    await settle();
    await door.clock.advance(seconds(30));
    expect(await carried).toEqual(doneWith('ended in order'));
    expect(door.clock.sleeping).toBe(0);
  });

  it('given an action that does not end when it is told to, then it is given up, and sends nothing any more', async () => {
    let tools: Tools | null = null;
    let under: AbortSignal | null = null;
    const door = actDoor({
      plan: { requests: [patchNumber(1), patchNumber(2)] },
      perform: async (_plan, given) => {
        tools = given;
        void given.ports.kubernetes(patchNumber(1), never);
        return await new Promise(() => {});
      },
      ports: {
        kubernetes: async (_request, signal) => {
          under = signal;
          return await new Promise(() => {});
        },
      },
    });
    const carried = door.carryOut(await door.ask());
    await settle();
    await door.clock.advance(seconds(30));
    expect(under!.aborted).toBe(false);
    await door.clock.advance(performGrace);
    expect(await carried).toMatchObject({ kind: 'unknown', why: 'it was to stop, and did not' });
    expect(under!.aborted).toBe(true);
    expect(await tools!.ports.kubernetes(patchNumber(2), never)).toMatchObject({
      ok: false,
      failure: { kind: 'forbidden' },
    });
    const many = door.written.length;
    tools!.progress('still here');
    await settle();
    expect(door.written).toHaveLength(many);
  });

  it('given an action that leaves something running behind it, then that sends nothing', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const door = actDoor({
      plan: { requests: [patchNumber(0)] },
      perform: async (_plan, { ports, clock }) => {
        late = clock.sleep(seconds(5), never).then(() => ports.kubernetes(patchNumber(0), never));
        return doneWith('');
      },
    });
    await door.carryOut(await door.ask());
    await door.clock.advance(seconds(10));
    expect(await late).toMatchObject({ ok: false, failure: { kind: 'forbidden' } });
    expect(door.sent).toEqual([]);
  });
});

describe('what is told while it goes on', () => {
  it('given a listener that throws, then the act goes on', async () => {
    const door = actDoor({
      perform: async (_plan, tools) => {
        tools.progress('one');
        tools.logs([]);
        return doneWith('all the same');
      },
    });
    const asked = await door.ask();
    const broken = () => {
      throw new Error('no screen');
    };
    const result = await door.pipeline.carryOut(
      asked,
      { digest: asked.plan.digest, name: asked.plan.typed, reason: '' },
      { terminal: null, progress: broken, logs: broken },
      never,
    );
    expect(result).toEqual(doneWith('all the same'));
  });

  it('given much of it, then all is for the screen, and a line a second and the last one for the audit', async () => {
    const door = actDoor({
      perform: async (_plan, { progress, clock }) => {
        for (let n = 0; n < 40; n += 1) {
          progress(`step ${n}`);
          await clock.sleep(seconds(0.25), never);
        }
        progress('last');
        return doneWith('');
      },
    });
    const carried = door.carryOut(await door.ask());
    await door.clock.advance(seconds(10));
    await carried;
    expect(door.told).toHaveLength(41);
    const kept = door.written.flatMap((f) => (f.kind === 'progress' ? [f.text] : []));
    expect(kept).toEqual([...Array.from({ length: 10 }, (_, n) => `step ${n * 4}`), 'last']);
    expect(door.log.at(-1)).toBe('ended');
  });
});
