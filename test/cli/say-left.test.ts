import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/cli/found.ts';
import type { Reconciled } from '../../src/cli/reconcile.ts';
import { sayLeft } from '../../src/cli/say-left.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';

const now = epochMs(Date.parse('2026-11-23T10:30:00Z'));
const at = Date.parse('2026-11-23T08:00:12Z');

const left = (found: Found, more: Partial<Reconciled['asked']> = {}): Reconciled =>
  ({
    asked: { at, title: 'cordon node n1', action: 'cordon', effect: 'write', ...more },
    started: { at, by: 'ana on ops-1' },
    end: { kind: 'unknown', why: 'the line broke' },
    found,
  }) as Reconciled;

const cordoned: Found = { kind: 'told', text: 'nodes n1 now: cordoned, as it was asked for' };

const said = async (answer: Result<readonly Reconciled[]>): Promise<string> => {
  const texts: string[] = [];
  const io = { err: (text: string) => void texts.push(text) };
  const { signal } = new AbortController();
  await sayLeft({ io, context: 'prod', look: async () => answer, now }, signal);
  return texts.join('');
};

describe('before a command acts', () => {
  it('given an act that was never answered, then what, when, by whom, what is there now, and where to look', async () => {
    expect(await said(ok([left(cordoned)]))).toBe(
      [
        'midwatch: on prod, before this: cordon node n1, started 2026-11-23 08:00:12 UTC by ana on ops-1; never answered',
        '  nodes n1 now: cordoned, as it was asked for',
        '  look before you do more: midwatch audit show --action cordon --since 4h',
        '',
      ].join('\n'),
    );
  });

  it('given nobody who answers for it, then that it cannot be seen now', async () => {
    const later: Found = { kind: 'later', why: 'connection refused' };
    expect(await said(ok([left(later)]))).toContain(
      '  nobody answers for it now (connection refused)\n',
    );
  });

  it('given nothing, or what only reads, then nothing', async () => {
    expect(await said(ok([]))).toBe('');
    expect(await said(ok([left(cordoned, { effect: 'read', action: 'logs' })]))).toBe('');
  });

  it('given many, then the first five, and how many more', async () => {
    const text = await said(ok(Array.from({ length: 8 }, () => left(cordoned))));
    expect(text.match(/look before you do more/g)).toHaveLength(5);
    expect(text).toContain('midwatch: and 3 more: midwatch audit show\n');
  });

  it('given an audit that cannot be read, then that nobody knows', async () => {
    expect(await said(failed(failure('broken', 'read the audit', 'no permission')))).toBe(
      'midwatch: what was started before cannot be looked up: no permission\n',
    );
  });

  it('given hostile words, then they are made plain', async () => {
    const text = await said(
      ok([left(cordoned, { title: 'cordon \u001b[31mn1\nmidwatch: all is well' })]),
    );
    expect(text).not.toContain('\u001b');
    expect(text.split('\n')).toHaveLength(4);
  });
});
