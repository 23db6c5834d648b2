import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import {
  type TableFact,
  tableBegins,
  tableLeft,
  tableScope,
  tableSignals,
  tables,
} from '../../src/probes/tables.ts';

const observed = (
  facts: readonly (readonly [string, TableFact])[],
): readonly Observed<TableFact>[] =>
  facts.map(([scope, data], i) => ({
    rev: revision(i + 1),
    at: epochMs(i),
    scope,
    data,
    settled: true,
  }));

const put = (name: string): TableFact => ({
  put: { uid: name, name, namespace: '', created: 1, cells: [name] },
});
const begin: TableFact = { begin: true };

const fact: fc.Arbitrary<readonly [string, TableFact]> = fc.tuple(
  fc.integer({ min: 0, max: 15 }).map((n) => `r${n}`),
  fc.oneof(
    fc.constant(begin),
    fc.constant<TableFact>({ columns: [{ name: 'A', priority: 0, type: 'string' }] }),
    fc.constantFrom('a', 'b', 'c').map(put),
    fc.constantFrom('a', 'b').map((del): TableFact => ({ del })),
  ),
);

describe('tables', () => {
  it('given any facts, when they are cut into batches anywhere, then the state is the same', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), fc.nat(60), (facts, cut) => {
        const all = observed(facts);
        const whole = tables.fold(tables.empty, all).state;
        const first = tables.fold(tables.empty, all.slice(0, cut)).state;
        expect([...tables.fold(first, all.slice(cut)).state]).toEqual([...whole]);
        expect([...tables.load(JSON.parse(JSON.stringify(tables.save(whole))))]).toEqual([
          ...whole,
        ]);
        for (const [, data] of facts) expect(tables.schema.safeParse(data).success).toBe(true);
      }),
    );
  });

  it('given a table that is looked at again, when it begins, then what was there before is gone', () => {
    const state = tables.fold(
      tables.empty,
      observed([
        ['a', begin],
        ['a', put('x')],
        ['a', begin],
        ['a', put('y')],
      ]),
    ).state;
    expect([...(state.get('a')?.rows.keys() ?? [])]).toEqual(['y']);
  });

  it('given more tables than are kept, when one more begins, then the oldest is forgotten', () => {
    const many = Array.from({ length: 20 }, (_, i) => [`r${i}`, begin] as const);
    const { state } = tables.fold(tables.empty, observed(many));
    expect([...state.keys()]).toEqual(Array.from({ length: 12 }, (_, i) => `r${i + 8}`));
  });

  it('given signals of a watch, when they are taken over, then they carry the scope of the table', () => {
    expect(tableScope('certs.x.io', 'web')).toBe('certs.x.io@web');
    const signals = tableSignals('certs.x.io', '', [{ kind: 'synced', scope: '' }]);
    expect(signals).toEqual([{ kind: 'synced', scope: 'certs.x.io' }]);
    expect(tableBegins('a', '').map((s) => s.kind)).toEqual(['gap', 'observed']);
    expect(tableLeft('a', 'b')[0]).toMatchObject({ kind: 'gap', scope: 'a@b' });
  });
});
