import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eventsBlock,
  nextBlock,
  snapshotBlocks,
} from '../../../src/adapters/journal/block-text.ts';
import {
  blockHeaderSize,
  encodeBlock,
  fileHeader,
  fileHeaderSize,
} from '../../../src/adapters/journal/format.ts';
import { infoOf, isSound, verifyRecording } from '../../../src/adapters/journal/verify.ts';
import { epochMs, revision } from '../../../src/kernel/units.ts';
import { anyFacts, entriesOf } from '../../support/any-facts.ts';
import {
  buildRecording,
  foldToys,
  openBuffer,
  recordingOf,
  toyMap,
} from '../../support/recording-bytes.ts';

const entries = entriesOf(fc.sample(anyFacts(40), { numRuns: 60, seed: 7 }).flat().slice(0, 60));
const built = await buildRecording(entries, { size: 9, snapshotEvery: 2, ended: true });
const opened = (bytes: Buffer) => {
  const result = openBuffer(bytes);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('a whole recording', () => {
  it('given entries, then exactly they come back, and it says that it ended', () => {
    const recording = opened(built.bytes);
    expect(recording.entries(revision(1), revision(60))).toEqual(entries);
    expect(infoOf(recording)).toMatchObject({
      program: 'midwatch test',
      base: 0,
      last: 60,
      startAt: entries[0]?.at,
      endAt: entries[59]?.at,
      snapshots: 3,
      state: 'ended',
      lost: null,
    });
    const found = verifyRecording(recording);
    expect([found.entries, isSound(found)]).toEqual([60, true]);
  });

  it('given no entries at all, then it is an empty recording', async () => {
    const recording = await recordingOf([]);
    expect([recording.base, recording.last, recording.entries(revision(1), revision(9))]).toEqual([
      0,
      0,
      [],
    ]);
    expect(isSound(verifyRecording(recording))).toBe(true);
  });
});

describe('truncation', () => {
  it('given a cut at any byte, then every complete block before it is kept and the rest is told', () => {
    let compared = -1;
    for (let cut = fileHeaderSize + blockHeaderSize; cut < built.bytes.length; cut += 1) {
      const recording = opened(built.bytes.subarray(0, cut));
      const whole = built.offsets.filter((offset) => offset <= cut).length - 1;
      const last = whole === 0 ? 0 : (built.lasts[whole - 1] as number);
      expect(recording.last).toBe(last);
      if (last !== compared) {
        expect(recording.entries(revision(1), revision(99))).toEqual(entries.slice(0, last));
        compared = last;
      }
      const dropped = cut - (built.offsets[whole] as number);
      expect(recording.scan.lost?.bytes ?? 0).toBe(dropped);
      expect(recording.scan.lost === null).toBe(dropped === 0);
      expect(infoOf(recording).state).toBe('open');
    }
  });

  it('given less than one header, then it is refused as no recording', () => {
    for (let cut = 0; cut < fileHeaderSize + blockHeaderSize; cut += 1) {
      const result = openBuffer(built.bytes.subarray(0, cut));
      // Only the magic, whole: a recording in which nothing has been written yet.
      expect(result.ok).toBe(cut >= fileHeaderSize);
    }
  });
});

describe('damage', () => {
  it('given any one bit flipped, then it is found, and what stands before it is kept', () => {
    const { bytes, offsets, lasts } = built;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      const at = bit >> 3;
      damaged[at] = (damaged[at] as number) ^ (1 << (bit & 7));
      const recording = opened(damaged);
      const whole = Math.max(0, offsets.filter((offset) => offset <= at).length - 1);
      const last = at < fileHeaderSize ? 60 : whole === 0 ? 0 : (lasts[whole - 1] as number);
      expect(recording.last).toBe(last);
      expect(recording.scan.damagedFileHeader || recording.scan.lost !== null).toBe(true);
    }
  });

  it('given damage in the middle, then it tells up to where there was more', () => {
    const damaged = Buffer.from(built.bytes);
    damaged.fill(0, (built.offsets[2] as number) + 5, (built.offsets[2] as number) + 9);
    const { scan } = opened(damaged);
    expect([scan.last, scan.lost?.upTo]).toEqual([built.lasts[1], 60]);
    expect(scan.lost?.bytes).toBe(built.bytes.length - (built.offsets[2] as number));
  });

  it('given any bytes behind the header, then opening never throws and revisions have no holes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc
              .nat(built.offsets.length - 2)
              .map((i) => built.bytes.subarray(built.offsets[i], built.offsets[i + 1])),
            fc.uint8Array({ maxLength: 80 }).map((b) => Buffer.from(b)),
          ),
          { maxLength: 12 },
        ),
        (pieces) => {
          const recording = opened(Buffer.concat([fileHeader(), ...pieces]));
          const all = recording.entries(revision(1), recording.last);
          expect(all.map((e) => e.rev)).toEqual(all.map((_, i) => recording.base + 1 + i));
          verifyRecording(recording);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('what is not believed although its checksums are right', () => {
  const eventsAt = async (rev: number, count: number, time = 0) => {
    const block = nextBlock(
      entries.slice(0, count).map((e, i) => ({ ...e, rev: revision(rev + i) })),
      epochMs(time),
    );
    if (block === null) throw new Error('no entries');
    return eventsBlock(block);
  };

  it('given a hole in the revisions, then the prefix ends before it', async () => {
    const bytes = Buffer.concat([fileHeader(), await eventsAt(1, 5), await eventsAt(7, 5)]);
    const { scan } = opened(bytes);
    expect(scan.last).toBe(5);
    expect(scan.lost?.why).toMatch(/revisions do not go on from 5/);
  });

  it('given a beginning in the middle without a world to begin with, then nothing is believed', async () => {
    const { scan } = opened(Buffer.concat([fileHeader(), await eventsAt(100, 5)]));
    expect([scan.last, scan.lost?.why, scan.lost?.upTo]).toEqual([
      0,
      'the beginning is missing',
      104,
    ]);
  });

  it('given a snapshot ahead of its log, then the prefix ends before it', async () => {
    const ahead = await snapshotBlocks(toyMap, { ...foldToys(entries), rev: revision(9) });
    const bytes = Buffer.concat([fileHeader(), await eventsAt(1, 5), ...ahead.blocks]);
    expect(opened(bytes).scan.lost?.why).toBe('a snapshot is ahead of its log');
  });

  it('given times that go back between blocks, then the prefix ends before them', async () => {
    const bytes = Buffer.concat([fileHeader(), await eventsAt(1, 5, 9e12), await eventsAt(6, 5)]);
    expect(opened(bytes).scan.lost?.why).toMatch(/time of a block/);
  });

  it('given a file of a newer version, or of something else, then it is refused and says so', () => {
    const newer = fileHeader();
    newer.writeUInt16BE(2, 8);
    const sealed = encodeNewer(newer);
    const result = openBuffer(Buffer.concat([sealed, built.bytes.subarray(fileHeaderSize)]));
    expect(result).toMatchObject({ ok: false, failure: { message: /newer version/ } });
    for (const other of ['', '{"kind":"List"}\n'.repeat(20), '\u0000'.repeat(500)]) {
      const refused = openBuffer(Buffer.from(other));
      expect(refused).toMatchObject({ ok: false, failure: { message: /not a recording/ } });
    }
  });

  it('given a flag that nobody knows, then the block is not taken for one that is understood', () => {
    const block = encodeBlock(
      { type: 'meta', more: true, count: 0, rev: revision(0), time: epochMs(0) },
      Buffer.from('x'),
    );
    expect(opened(Buffer.concat([fileHeader(), block])).scan.meta.length).toBe(1);
  });
});

const encodeNewer = (header: Buffer): Buffer => {
  const sealed = Buffer.from(header);
  const crc = zlib.crc32(sealed.subarray(0, 12));
  sealed.writeUInt32BE(crc, 12);
  return sealed;
};
