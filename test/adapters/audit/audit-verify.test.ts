import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditAnchor } from '../../../src/adapters/audit/audit-anchor.ts';
import { recordLine } from '../../../src/adapters/audit/audit-record.ts';
import { newChain } from '../../../src/adapters/audit/audit-tail.ts';
import { verifyAudit } from '../../../src/adapters/audit/audit-verify.ts';
import { chainOf, fileOf, progress } from './audit-facts.ts';

const lines = chainOf(12);
const file = fileOf(lines);

const anchorOf = (line: string, path = '/audit.jsonl'): AuditAnchor => {
  const { chain, seq, sha256 } = JSON.parse(line);
  return { chain, seq, sha256, at: Date.UTC(2026, 10, 20, 4), file: path };
};
const seal = anchorOf(lines.at(-1)!);

/** Line in which a byte of the file stands. */
const lineAt = (offset: number): number =>
  file.subarray(0, offset).reduce((n, byte) => n + Number(byte === 0x0a), 1);

const found = (bytes: Uint8Array, anchors: readonly AuditAnchor[] = []) =>
  verifyAudit(bytes, anchors, '/audit.jsonl');
const places = (bytes: Uint8Array, anchors: readonly AuditAnchor[] = []): readonly number[] =>
  found(bytes, anchors).faults.map((f) => f.line);

describe('verifying an audit', () => {
  it('given what was written, when verified, then it is sound, and says what it is', () => {
    const report = found(file, [seal]);
    expect(report).toMatchObject({ lines: 12, records: 12, faults: [], torn: [], unknown: 0 });
    expect(report.by).toEqual([{ name: 'ana on bastion', records: 12 }]);
    expect(report.sealed?.seq).toBe(12);
    expect([report.from, report.to]).toEqual([progress(1).at, progress(12).at]);
    expect(found(Buffer.alloc(0))).toMatchObject({ records: 0, from: null, faults: [] });
  });

  it('given any bit that is flipped, when verified, then the fault is at that line', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(file);
        bytes[at] = bytes[at]! ^ (1 << bit);
        expect(places(bytes)[0]).toBe(lineAt(at));
      }),
      { numRuns: 2000 },
    );
  });

  it('given a line that is taken out, when verified, then that is told where it stood', () => {
    for (let i = 0; i < lines.length; i += 1) {
      const report = found(fileOf(lines.toSpliced(i, 1)), [seal]);
      expect(report.faults.map((f) => f.line)).toEqual([i + 1]);
      expect(report.faults[0]?.kind).toBe(i === lines.length - 1 ? 'truncated' : 'missing');
    }
  });

  it('given a file that is cut anywhere, when verified against its seal, then it is truncated there', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 2), (at) => {
        const report = found(file.subarray(0, at), [seal]);
        const whole = lineAt(at) - 1;
        // The last record may be whole but for its line end.
        const last = at > 0 && file[at] === 0x0a ? whole + 1 : whole;
        expect(report.records).toBe(last);
        expect(report.faults.map((f) => f.kind)).toEqual(['truncated']);
        const cutWithin = at > 0 && file[at] !== 0x0a && file[at - 1] !== 0x0a;
        expect(report.torn).toEqual(cutWithin ? [lineAt(at)] : []);
      }),
    );
  });

  it('given two lines that change places, when verified, then both are told', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.nat(11), (a, b) => {
        fc.pre(a !== b);
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [swapped[b]!, swapped[a]!];
        const report = found(fileOf(swapped));
        expect(report.faults[0]).toMatchObject({ kind: 'reordered', line: Math.min(a, b) + 1 });
      }),
    );
  });

  it('given a line that stands there twice, when verified, then the second one is told', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.nat(12), (of, to) => {
        const report = found(fileOf(lines.toSpliced(to, 0, lines[of]!)));
        const kinds = report.faults.map((f) => f.kind);
        expect(kinds).toContain('duplicated');
        // Of two equal neighbours nobody can say which was there first: the second is told.
        expect(report.faults[0]?.line).toBe(of === to ? to + 2 : to + 1);
      }),
    );
  });

  it('given a record that is written anew with a hash that fits, when verified, then the next one tells', () => {
    const old = JSON.parse(lines[5]!);
    const head = { chain: old.chain, seq: old.seq - 1, sha256: old.prev };
    const forged = recordLine(head, progress(6, 'nobody'), 0).line;
    const report = found(fileOf(lines.with(5, forged)));
    expect(report.faults).toMatchObject([{ kind: 'rewritten', line: 7 }]);
  });

  it('given a tail that is written anew, when verified, then only the seal tells', () => {
    let head = { chain: seal.chain, seq: 8, sha256: JSON.parse(lines[7]!).sha256 as string };
    const tail = [9, 10, 11, 12, 13].map((n) => {
      const made = recordLine(head, progress(n, 'nobody'), 0);
      head = made.head;
      return made.line;
    });
    const forged = fileOf([...lines.slice(0, 8), ...tail]);
    expect(places(forged)).toEqual([]);
    const report = found(forged, [anchorOf(lines[3]!), seal]);
    expect(report.faults).toMatchObject([{ kind: 'unlike-seal', line: 12 }]);
    expect(report.sealed?.seq).toBe(4);
  });

  it('given another audit in its place, when verified, then its seals tell', () => {
    const other = fileOf([recordLine(newChain(), progress(1), 0).line]);
    expect(found(other, [seal]).faults).toMatchObject([{ kind: 'unlike-seal', line: 1 }]);
    expect(found(Buffer.alloc(0), [seal]).faults).toMatchObject([{ kind: 'truncated' }]);
    expect(found(other, [anchorOf(lines[3]!, '/elsewhere')]).faults).toEqual([]);
  });

  it('given lines of others in between, when verified, then each is told', () => {
    for (const text of ['hello', '', '{"chain":"x"}', lines[3]!.slice(0, 40)]) {
      const report = found(fileOf(lines.toSpliced(5, 0, text)));
      expect(report.faults).toMatchObject([{ kind: 'foreign', line: 6 }]);
    }
  });

  it('given records of a newer version, when verified, then they are whole, and counted', () => {
    const { line } = recordLine(newChain(), { kind: 'teleported', act: 'a' }, 0);
    expect(found(fileOf([line]))).toMatchObject({ faults: [], records: 1, unknown: 1 });
  });
});
