import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { readAudit } from '../../src/adapters/audit/audit-read.ts';
import { processText, thisProcess } from '../../src/adapters/audit/process-identity.ts';
import type { Found } from '../../src/cli/found.ts';
import { reconcile } from '../../src/cli/reconcile.ts';
import type { ActFact, ToldAct } from '../../src/kernel/act-fact.ts';
import { hours, seconds } from '../../src/kernel/units.ts';
import { temporary } from '../adapters/audit/audit-facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

const { directory, remove } = temporary('reconcile');
afterAll(remove);
const never = new AbortController().signal;
const cordoned: Found = { kind: 'told', text: 'nodes n1 now: cordoned' };
const later: Found = { kind: 'later', why: 'connection refused' };

/** An audit with one act in it that this process has begun, and that has ended without anybody knowing how. */
const audit = async (
  name: string,
  more: Partial<ToldAct<'ended'>> = {},
  { action = 'cordon', host = thisProcess().host } = {},
) => {
  const path = join(directory, `${name}.jsonl`);
  const clock = new FakeClock();
  const { put } = openAudit({ path, anchors: `${path}.anchors`, clock });
  const said = { act: 'a', at: clock.now(), by: 'ana', digest: 'd'.repeat(64) } as const;
  const facts: readonly ActFact[] = [
    {
      ...said,
      kind: 'asked',
      origin: 'screen',
      action,
      title: 'cordon node n1',
      effect: 'write',
      context: 'dev',
      subject: { kind: 'alerts', cluster: '' },
      requests: [],
      run: '',
      task: '',
    },
    { ...said, kind: 'started', process: processText({ ...thisProcess(), host }) },
    {
      kind: 'ended',
      act: 'a',
      at: clock.now(),
      by: 'ana',
      result: { kind: 'unknown', why: 'the line broke', bytes: 0 },
      ...more,
    },
  ];
  expect(await put(facts)).toMatchObject({ ok: true });
  const look = (found: (signal: AbortSignal) => Promise<Found>) =>
    reconcile(
      { path, put, context: 'dev', by: 'ben', clock, found: (_, signal) => found(signal) },
      never,
    );
  const written = async (): Promise<readonly ActFact[]> => {
    const read = await readAudit(path, null);
    return read.ok ? read.value.facts.filter((f) => f.kind === 'reconciled') : [];
  };
  return { clock, look, written };
};

describe('what has ended without anybody knowing how', () => {
  it('given a program that still lives, then it is told all the same, once, and written down by who tells it', async () => {
    const { look, written } = await audit('living');
    expect(await look(async () => cordoned)).toMatchObject({
      value: [{ end: { kind: 'unknown', why: 'the line broke' }, found: cordoned }],
    });
    expect(await written()).toMatchObject([{ act: 'a', by: 'ben', text: cordoned.text }]);
    expect(await look(async () => cordoned)).toEqual({ ok: true, value: [] });
  });

  it('given nobody who answers, then it is not written down, and told by who comes next', async () => {
    const { look, written } = await audit('later');
    expect(await look(async () => later)).toMatchObject({ value: [{ found: later }] });
    expect(await written()).toEqual([]);
    expect(await look(async () => cordoned)).toMatchObject({ value: [{ found: cordoned }] });
    expect(await written()).toHaveLength(1);
  });

  it('given a look that never ends, then it is ended after ten seconds, and left for later', async () => {
    const { clock, look, written } = await audit('slow');
    let ended = false;
    const slow = (signal: AbortSignal): Promise<Found> =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          ended = true;
        });
      });
    const looked = look(slow);
    await until('it is waited for', () => clock.sleeping > 0);
    await clock.advance(seconds(10));
    expect(await looked).toMatchObject({
      value: [{ found: { kind: 'later', why: 'nothing was answered in time' } }],
    });
    expect(ended).toBe(true);
    expect(await written()).toEqual([]);
  });

  it('given nobody who has answered for a week, then that is written down, and nobody asks any more', async () => {
    const { clock, look, written } = await audit('old');
    await clock.advance(hours(24 * 8));
    expect(await look(async () => later)).toMatchObject({
      value: [{ found: { text: 'what came of it cannot be known: connection refused' } }],
    });
    expect(await written()).toHaveLength(1);
    expect(await look(async () => cordoned)).toEqual({ ok: true, value: [] });
  });

  it('given another machine that shares the file, then what was done to a server is told, and not what is on its own disk', async () => {
    const elsewhere = { host: 'not-here' };
    const act = await audit('elsewhere', {}, elsewhere);
    expect(await act.look(async () => cordoned)).toMatchObject({ value: [{ found: cordoned }] });
    const snapshot = await audit('snapshot', {}, { ...elsewhere, action: 'etcd-snapshot' });
    expect(await snapshot.look(async () => cordoned)).toEqual({ ok: true, value: [] });
    const here = await audit('own-snapshot', {}, { action: 'etcd-snapshot' });
    expect(await here.look(async () => cordoned)).toMatchObject({ value: [{}] });
  });

  it.each([
    ['done', { kind: 'done', text: 'done', bytes: 0 }],
    [
      'failed',
      {
        kind: 'failed',
        failure: { kind: 'unreachable', op: 'patch', message: 'refused' },
        bytes: 0,
      },
    ],
  ] as const)(
    'given one that is known to be %s, then there is nothing to tell',
    async (name, result) => {
      const { look } = await audit(name, { result });
      expect(await look(async () => cordoned)).toEqual({ ok: true, value: [] });
    },
  );
});
