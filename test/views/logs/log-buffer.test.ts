import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogBuffer } from '../../../src/views/logs/log-buffer.ts';
import { compareEntries, type LogEntry } from '../../../src/views/logs/log-entry.ts';
import { contextLines, LogLens } from '../../../src/views/logs/log-lens.ts';
import { isFault } from '../../../src/views/logs/log-severity.ts';
import { gateway, noted, otherGateway, said } from '../../support/log-items.ts';

const entriesOf = (buffer: LogBuffer): readonly LogEntry[] =>
  Array.from({ length: buffer.length }, (_, i) => buffer.at(i) as LogEntry);

const anyText = fc.constantFrom('ready', 'ERROR refused', 'WARN slow', 'level=info msg=ok', 'x');
const anyItem = fc.oneof(
  { weight: 9, arbitrary: fc.record({ ms: fc.nat(500), text: anyText, two: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.nat(500), note: fc.constantFrom('gap', 'joined') }) },
);
const itemOf = (one: {
  readonly ms: number;
  readonly text?: string;
  readonly two?: boolean;
  readonly note?: string;
}) =>
  one.note === undefined
    ? said(one.ms, one.text ?? '', one.two === true ? otherGateway : gateway)
    : noted(one.ms, one.note === 'gap' ? 'gap' : 'joined', 'a note');
const batches = fc.array(fc.array(anyItem, { maxLength: 30 }), { maxLength: 12 });
const anyWish = fc.record({
  filter: fc.constantFrom('', 'ERROR', '!ready', 'o', '('),
  faults: fc.boolean(),
  source: fc.constantFrom('', gateway, otherGateway),
});

describe('log buffer', () => {
  it('given batches in any order, then lines are in the order of time and none is lost silently', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 5, max: 60 }), (all, lines) => {
        const buffer = new LogBuffer({ lines, units: 1 << 20 });
        for (const batch of all) buffer.add(batch.map(itemOf));
        const entries = entriesOf(buffer);
        expect([...entries].sort(compareEntries)).toEqual(entries);
        expect(entries.length).toBeLessThanOrEqual(lines);
        const sent = all.flat().filter((i) => !('note' in i)).length;
        expect(buffer.received).toBe(sent);
        expect(entries.filter((e) => e.note === '').length + buffer.dropped).toBe(sent);
        expect(buffer.units).toBe(entries.reduce((sum, e) => sum + e.text.length, 0));
      }),
    );
  });

  it('given a wish at any moment, then what is shown is what one look at all would show', () => {
    fc.assert(
      fc.property(batches, anyWish, fc.nat(12), fc.nat(40), (all, wish, when, part) => {
        const buffer = new LogBuffer({ lines: 50, units: 1 << 20 });
        const lens = new LogLens(buffer);
        for (const [i, batch] of all.entries()) {
          if (i === when) lens.look(wish);
          lens.added(buffer.add(batch.map(itemOf)).from);
          lens.advance(part);
        }
        lens.look(wish);
        while (lens.advance(part + 1));
        const entries = entriesOf(buffer);
        const matcher = lens.matcher;
        const isFaultAt = (i: number) => {
          const e = entries[i];
          return (
            e !== undefined &&
            isFault(e.severity) &&
            (wish.source === '' || e.source === wish.source)
          );
        };
        const expected = entries.filter((e, i) => {
          if (wish.source !== '' && e.source !== wish.source) return false;
          if (e.note !== '') return e.note === 'gap' || (!wish.faults && !matcher.active);
          if (matcher.active && !matcher.matches(e.text, {})) return false;
          return (
            !wish.faults ||
            Array.from({ length: 2 * contextLines + 1 }, (_, k) => i + k - contextLines).some(
              isFaultAt,
            )
          );
        });
        expect(lens.entries).toEqual(expected);
        const shown = expected.filter((e) => e.note === '').length;
        expect(lens.lines).toBe(shown);
        expect(buffer.received).toBe(shown + lens.filtered + buffer.dropped);
      }),
    );
  });

  it('given lines that came again where a log is taken up, then each is there once', () => {
    const buffer = new LogBuffer();
    buffer.add([said(100, 'a'), said(1100, 'b'), said(1200, 'c', gateway, { nanos: 7 })]);
    const from = buffer.takeUp();
    expect((from ?? 0) % 1000).toBe(0);
    buffer.add([
      said(1100, 'b'),
      said(1200, 'c', gateway, { nanos: 7 }),
      said(1200, 'c', gateway, { nanos: 8 }),
      said(1300, 'd'),
    ]);
    expect(entriesOf(buffer).map((e) => e.text)).toEqual(['a', 'b', 'c', 'c', 'd']);
    expect(buffer.repeated).toBe(2);
  });

  it('given text beyond the bound, then the oldest goes, and it is counted', () => {
    const buffer = new LogBuffer({ lines: 1000, units: 100 });
    buffer.add(Array.from({ length: 20 }, (_, i) => said(i, 'x'.repeat(10))));
    expect(buffer).toMatchObject({ received: 20, dropped: 10, length: 10, units: 100 });
  });

  it('given sources that come and go, then it is known which may still say something', () => {
    const buffer = new LogBuffer();
    buffer.add([noted(0, 'joined', gateway), said(1, 'a'), noted(2, 'left', 'the pod is gone')]);
    expect(buffer.sources.get(gateway)).toEqual({ source: gateway, lines: 1, open: false });
  });
});
