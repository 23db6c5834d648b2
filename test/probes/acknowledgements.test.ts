import { describe, expect, it } from 'vitest';
import type { Acknowledgement } from '../../src/kernel/acknowledgement.ts';
import type { Observed } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { acknowledgements, acknowledgementsKept } from '../../src/probes/acknowledgements.ts';

const ack = (at: number, more: Partial<Acknowledgement> = {}): Acknowledgement => ({
  fingerprint: 'a',
  name: 'KubePodCrashLooping',
  at,
  by: 'ana',
  note: 'rolling back',
  withdrawn: false,
  ...more,
});

const observed = (all: readonly Acknowledgement[], settled = true) =>
  all.map(
    (data, i): Observed<Acknowledgement> => ({
      rev: revision(i + 1),
      at: epochMs(1000 * i),
      scope: '',
      data,
      settled,
    }),
  );
const fold = (...all: readonly Acknowledgement[]) => {
  const { state, changes } = acknowledgements.fold(acknowledgements.empty, observed(all));
  return { state, changes, texts: changes.map(({ text }) => text) };
};

describe('acknowledgements', () => {
  it('given one, when it is taken back, then both are told, and it does not stand', () => {
    const { state, changes, texts } = fold(ack(1), ack(2, { by: 'ben', withdrawn: true }));
    expect(texts).toEqual([
      'KubePodCrashLooping acknowledged by ana: rolling back',
      'KubePodCrashLooping no longer acknowledged: taken back by ben',
    ]);
    expect(changes[0]).toMatchObject({ key: 'a', tone: 'info', probe: 'acknowledgements' });
    expect(state.size).toBe(0);
  });

  it('given several of one alert, when they come in another order, then the newest stands', () => {
    const newest = ack(5, { by: 'ben', note: '' });
    expect([...fold(ack(1), newest, ack(3)).state.values()]).toEqual([newest]);
    expect(fold(newest, ack(3), ack(4, { withdrawn: true })).texts).toEqual([
      'KubePodCrashLooping acknowledged by ben',
    ]);
  });

  it('given the same twice, or something taken back that never stood, when folded, then it is no news', () => {
    expect(fold(ack(1), ack(1)).changes).toHaveLength(1);
    expect(fold(ack(1, { withdrawn: true })).changes).toEqual([]);
  });

  it('given what stood when we began, when folded, then it stands and is no news', () => {
    const { state, changes } = acknowledgements.fold(
      acknowledgements.empty,
      observed([ack(1)], false),
    );
    expect(state.get('a')?.by).toBe('ana');
    expect(changes).toEqual([]);
  });

  it('given more than are kept, when folded, then the oldest go first', () => {
    const all = Array.from({ length: acknowledgementsKept + 3 }, (_, i) =>
      ack(i, { fingerprint: `f${i}` }),
    );
    const { state } = fold(...all);
    expect(state.size).toBe(acknowledgementsKept);
    expect([...state.keys()][0]).toBe('f3');
  });

  it('given a hostile note, when told, then it is one printable line', () => {
    const { texts } = fold(ack(1, { note: 'a\u001b[31mb\nc', by: '\u202e', name: '' }));
    expect(texts).toEqual(['alert without a name acknowledged by somebody: ab c']);
  });
});
