import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlay, type Play } from '../support/play.ts';

const incident = join(import.meta.dirname, '../../recordings/etcd-21-43.mwr');
let play: Play;
beforeAll(() => {
  play = openPlay(incident);
});
afterAll(() => play.close());

const lastLine = (columns: number, keys: readonly string[]): string => {
  const mark = play.marks.find(({ label }) => /alert/i.test(label));
  if (mark === undefined) throw new Error('the recording has no mark of alerts');
  return (
    play.frame({ label: mark.label, later: 5 }, columns, 24, keys).trimEnd().split('\n').at(-1) ??
    ''
  );
};

describe('the key to a runbook, in replay', () => {
  it.each([80, 100, 120])(
    'given %i columns and an alert under the cursor that leads to one, then it stands on the last line',
    (columns) => {
      expect(lastLine(columns, ['5'])).toContain('r runbook');
      expect(lastLine(columns, ['5', 'enter'])).toContain('r runbook');
    },
  );

  it('given a line that is no alert, then the keys of the recording come first', () => {
    expect(lastLine(80, ['4'])).not.toContain('r runbook');
  });
});
