import { describe, expect, it } from 'vitest';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { unended } from '../../src/kernel/unended.ts';

const said = { at: 1, by: 'ana' } as const;
const digest = 'd'.repeat(64);

const fact = (kind: 'asked' | 'started' | 'ended' | 'reconciled', act: string): ActFact => {
  switch (kind) {
    case 'asked':
      return {
        kind,
        act,
        ...said,
        origin: 'screen',
        action: 'scale',
        title: 'scale',
        effect: 'write',
        context: 'dev',
        subject: { kind: 'alerts', cluster: '' },
        digest,
        requests: [],
        run: '',
        task: '',
      };
    case 'started':
      return { kind, act, ...said, digest, process: '1/a@b' };
    case 'ended':
      return { kind, act, ...said, result: { kind: 'done', text: '', bytes: 0 } };
    case 'reconciled':
      return { kind, act, ...said, text: '' };
  }
};

const left = (...facts: readonly ActFact[]): readonly string[] =>
  unended(facts).map((u) => u.started.act);

describe('acts that never ended', () => {
  it('given starts and ends in any order between acts, then those without an end are told in the order of their starts', () => {
    const all = [
      ...['a', 'b', 'c', 'd', 'e'].map((act) => fact('asked', act)),
      ...['c', 'a', 'b', 'd'].map((act) => fact('started', act)),
      fact('ended', 'a'),
      fact('reconciled', 'd'),
    ];
    expect(left(...all)).toEqual(['c', 'b']);
  });

  it('given an end before its start, or a start told twice, then it is told at most once', () => {
    const [asked, started, ended] = [fact('asked', 'a'), fact('started', 'a'), fact('ended', 'a')];
    expect(left(asked, started, started)).toEqual(['a']);
    expect(left(asked, ended, started)).toEqual([]);
    expect(left(asked, started, ended, started)).toEqual([]);
  });

  it('given an end that nobody knows, then it is left, with why, until somebody has looked after it', () => {
    const lost: ActFact = {
      kind: 'ended',
      act: 'a',
      ...said,
      result: { kind: 'unknown', why: 'the line broke', bytes: 0 },
    };
    const [asked, started] = [fact('asked', 'a'), fact('started', 'a')];
    expect(unended([asked, started]).map((u) => u.end)).toEqual([{ kind: 'open' }]);
    expect(unended([asked, started, lost]).map((u) => u.end)).toEqual([
      { kind: 'unknown', why: 'the line broke' },
    ]);
    expect(left(asked, started, lost, fact('reconciled', 'a'))).toEqual([]);
    expect(left(asked, started, lost, fact('ended', 'a'))).toEqual([]);
    expect(left(asked, lost, started)).toEqual([]);
  });

  it('given a start of what nobody has asked for here, then nothing can be said of it', () => {
    expect(left(fact('started', 'a'))).toEqual([]);
    expect(left(fact('started', 'a'), fact('asked', 'a'))).toEqual([]);
  });
});
