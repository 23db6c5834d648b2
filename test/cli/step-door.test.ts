import { describe, expect, it } from 'vitest';
import type { Asked, Pipeline } from '../../src/actions/pipeline.ts';
import { stepDoor } from '../../src/cli/step-door.ts';
import type { Intent } from '../../src/kernel/act.ts';
import type { LogItem } from '../../src/kernel/effect-ports.ts';
import { ok } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { now } from '../support/objects.ts';

const intent: Intent = {
  action: 'logs',
  subject: { kind: 'object', resource: 'pods', namespace: 'shop', name: 'web-0', uid: null },
  args: {},
  origin: 'runbook',
};

const asked = {
  act: 'a',
  intent,
  plan: { title: 'read logs', digest: 'd' },
  verdict: { outcome: 'allow', reasons: [], challenges: [], breakable: false },
} as unknown as Asked;

const line = (source: string, text: string): LogItem => ({
  kind: 'line',
  source,
  stamp: '2026-11-23T21:43:00Z',
  at: epochMs(now),
  text,
  cut: false,
});
const note = (source: string, kind: 'joined' | 'rotated', text: string): LogItem => ({
  kind: 'note',
  source,
  at: epochMs(now),
  note: kind,
  text,
});

/** A door that allows it and brings these. */
const bringing = (items: readonly LogItem[]): Pipeline => ({
  ask: async () => ok(asked),
  carryOut: async (_, __, audience) => {
    audience.logs(items);
    return { kind: 'done', text: '', bytes: 0 };
  },
  decline: async () => undefined,
});

const evidence = async (items: readonly LogItem[]): Promise<readonly string[]> => {
  const door = stepDoor({
    pipeline: bringing(items),
    clock: { now: () => epochMs(now) },
    hand: null,
  });
  const outcome = await door.ask(intent, async () => ok(undefined), new AbortController().signal);
  if (outcome.kind !== 'brought') throw new Error(outcome.kind);
  return outcome.brought.lines;
};

describe('logs that a step of a runbook brings', () => {
  it('given containers that say something, then their lines are the evidence, and what is missing of them', async () => {
    const [web, api] = ['shop/web-0/app', 'shop/api-0/app'];
    const lines = await evidence([
      note(web, 'joined', web),
      note(api, 'joined', api),
      note(web, 'rotated', 'older lines are gone'),
      line(web, 'it fails'),
    ]);
    expect(lines).toEqual([
      // It says nothing: that it was read is all there is to tell of it.
      '-- shop/api-0/app joined',
      '-- shop/web-0/app older lines are gone',
      '2026-11-23T21:43:00Z web-0 it fails',
    ]);
  });
});
