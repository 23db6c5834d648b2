import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alerts } from '../../src/probes/alerts.ts';
import {
  alert,
  begun,
  gone,
  left,
  listed,
  observedAlerts,
  type Saying,
  silence,
  source,
  start,
  toldAlerts,
} from './alert-told.ts';

const fingerprint = fc.constantFrom('a', 'b', 'c');
const told = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        startsAt: fc.constantFrom(start - 1000, start + 60_000, start + 4_000_000),
        state: fc.constantFrom('firing' as const, 'suppressed' as const, 'unprocessed' as const),
        silencedBy: fc.constantFrom([], [], ['s'], ['s', 't']),
      })
      .chain((more) => fingerprint.map((f) => alert(f, more))),
  },
  { weight: 3, arbitrary: fingerprint.map(gone) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fingerprint).chain((all) => fc.constant(listed(all, ['s']))),
  },
  { weight: 1, arbitrary: fc.constantFrom(silence('s', 'ana'), silence('t', 'ben'), source()) },
);

const sayings = (what: typeof told) =>
  fc
    .array(fc.tuple(fc.nat(2000), fc.constantFrom('am-0', 'am-1'), what), { maxLength: 40 })
    .map((all) => {
      let at = 0;
      return all.map(([wait, scope, data]): Saying => {
        at += wait;
        return [at, scope, data];
      });
    });

describe('any life of alerts at two replicas', () => {
  it('given any cut into batches, when folded, then it is the same, also over a save', () => {
    const lives = sayings(fc.oneof({ weight: 12, arbitrary: told }, fc.constant(left)));
    fc.assert(
      fc.property(lives, fc.nat(40), (all, cut) => {
        const whole = alerts.fold(begun, observedAlerts(all));
        const first = alerts.fold(begun, observedAlerts(all.slice(0, cut)));
        const saved = alerts.load(JSON.parse(JSON.stringify(alerts.save(first.state))));
        const second = alerts.fold(saved, observedAlerts(all.slice(cut), true, cut));
        expect(second.state).toEqual(whole.state);
        expect([...second.state.keys()]).toEqual([...whole.state.keys()]);
        expect([...first.changes, ...second.changes]).toEqual(whole.changes);
      }),
      { numRuns: 500 },
    );
  });

  it('given anything, when told, then an alert fires and is over in turn, and fires when any source has it', () => {
    fc.assert(
      fc.property(sayings(told), (all) => {
        const { state, changes } = toldAlerts(...all);
        for (const key of ['a', 'b', 'c']) {
          const turns = changes.filter((c) => c.key === key && / fires| resolved/.test(c.text));
          for (const [i, { text }] of turns.entries()) {
            const before = turns[i - 1]?.text ?? ' resolved';
            if (text.includes(' resolved')) expect(before).not.toContain(' resolved');
            else if (!text.includes('fires again')) expect(before).toContain(' resolved');
          }
          const held = [...state.values()].some((s) => s.alerts.has(key));
          expect(turns.at(-1)?.text.includes(' fires') ?? false).toBe(held);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('given anything, when folded, then no alert is both held and over, and what is over is in its order', () => {
    fc.assert(
      fc.property(sayings(told), (all) => {
        for (const { alerts: held, resolved } of toldAlerts(...all).state.values()) {
          for (const key of held.keys()) expect(resolved.has(key)).toBe(false);
          const times = [...resolved.values()].map(({ at }) => at);
          expect(times).toEqual([...times].sort((x, y) => x - y));
        }
      }),
    );
  });
});
