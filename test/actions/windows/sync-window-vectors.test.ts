import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canSync } from '../../../src/actions/windows/can-sync.ts';
import { isAssigned, type SyncWindow } from '../../../src/actions/windows/sync-window.ts';

interface Vector {
  readonly name: string;
  readonly app: {
    readonly name: string;
    readonly namespace: string;
    readonly server: string;
    readonly clusterName: string;
  };
  readonly windows: readonly Partial<SyncWindow>[];
  readonly assigned: readonly number[];
  readonly at: readonly {
    readonly time: string;
    readonly active: readonly number[];
    readonly auto: boolean;
    readonly manual: boolean;
    readonly error?: string;
  }[];
}

/** Made by Argo CD's own functions; the offset of zones is that of the day on which they were run. */
const vectors: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/argocd/sync-window-vectors.json'), 'utf8'),
);
const dayOfRecording = Date.UTC(2026, 10, 23, 12);

const whole = (window: Partial<SyncWindow>): SyncWindow => ({
  kind: '',
  schedule: '',
  duration: '',
  timeZone: '',
  applications: [],
  namespaces: [],
  clusters: [],
  andOperator: false,
  manualSync: false,
  syncOverrun: false,
  description: '',
  ...window,
});

/** Nanoseconds since 1970. */
const instant = (text: string): bigint => {
  const [, second = '', fraction = ''] = /^(.*:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
};

describe('what Argo CD itself answers', () => {
  it('given the recorded cases, when they are counted, then all are there', () => {
    expect(vectors).toHaveLength(25);
  });

  it.each(vectors)('$name', ({ app, windows, assigned, at }) => {
    const all = windows.map(whole);
    const mine = all.filter((w) => isAssigned(w, app));
    expect(mine).toEqual(assigned.map((i) => all[i]));
    for (const { time, active, auto, manual, error } of at) {
      const verdict = canSync(mine, instant(time), dayOfRecording);
      expect([time, verdict.automatic, verdict.manual]).toEqual([time, auto, manual]);
      expect(verdict.active).toEqual(active.map((i) => all[i]));
      expect(verdict.rule === 'error').toBe(error !== undefined);
    }
  });
});
