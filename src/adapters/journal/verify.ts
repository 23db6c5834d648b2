import { isDeepStrictEqual } from 'node:util';
import { chunk } from '../../kernel/recording.ts';
import { plainText } from '../../kernel/text.ts';
import { type EpochMs, epochMs, type Revision, revision } from '../../kernel/units.ts';
import { emptyWorld, foldWorld, type Origin, type World } from '../../kernel/world.ts';
import type { FileRecording } from './file-recording.ts';
import { readMeta } from './meta.ts';
import type { Lost } from './scan.ts';

export interface RecordingInfo {
  readonly path: string;
  readonly size: number;
  /** Name and version of what recorded it; '' when it does not say. */
  readonly program: string;
  readonly origin: Origin | null;
  /** What it is about, in a sentence; '' when nobody said. */
  readonly title: string;
  /** Label of the mark at which a viewer begins; '' for the first entry. */
  readonly opensAt: string;
  readonly base: Revision;
  readonly last: Revision;
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
  readonly blocks: number;
  readonly snapshots: number;
  /** `ended` in order; `open`: still being recorded, or its recorder was killed. */
  readonly state: 'ended' | 'open';
  readonly lost: Lost | null;
  readonly damagedFileHeader: boolean;
}

/** What a recording is about, without reading all of it. */
export const infoOf = (recording: FileRecording): RecordingInfo => {
  const { scan, path, source, base, last } = recording;
  const meta = scan.meta.map((block) => ({ block, said: readMeta(recording.payload(block)) }));
  const first = meta.find(({ said }) => said?.kind === 'began')?.said;
  const began = first?.kind === 'began' ? first : null;
  const final = meta.at(-1);
  const ended = final?.said?.kind === 'ended' && isBehind(final.block.offset, scan.events.at(-1));
  return {
    path,
    size: source.size,
    program: began?.program ?? '',
    title: plainText(began?.title ?? ''),
    opensAt: began?.opensAt ?? '',
    origin: originOf(recording),
    base,
    last,
    startAt: recording.startAt,
    endAt: recording.endAt,
    blocks: scan.events.length + scan.meta.length + scan.snapshots.flat().length,
    snapshots: scan.snapshots.length,
    state: ended ? 'ended' : 'open',
    lost: scan.lost,
    damagedFileHeader: scan.damagedFileHeader,
  };
};

const isBehind = (offset: number, block: { offset: number } | undefined): boolean =>
  block === undefined || offset > block.offset;

/** `opened` is the first fact of a session; a recording that began later has it in its first world. */
const originOf = (recording: FileRecording): Origin | null => {
  const world = recording.base > 0 ? recording.snapshot(recording.base) : null;
  if (world?.origin != null) return world.origin;
  const first = revision(recording.base + 1);
  const entries = recording.entries(first, revision(first + 99));
  for (const { fact } of entries) {
    if (fact.kind === 'opened')
      return { cluster: fact.cluster, context: fact.context, by: fact.by };
  }
  return null;
};

export interface Verification extends RecordingInfo {
  readonly entries: number;
  /** Entries whose place is known and whose content does not fit. */
  readonly unreadable: number;
  /** Snapshots that cannot be loaded, or that say something else than the entries before them. */
  readonly wrongSnapshots: readonly { readonly rev: Revision; readonly why: string }[];
}

/** Reads everything: every entry against its schema, every snapshot against the fold of the entries up to it. */
export const verifyRecording = (recording: FileRecording): Verification => {
  const { base, last, probes } = recording;
  const wrong: { rev: Revision; why: string }[] = [];
  let world: World | null = base === 0 ? emptyWorld : recording.snapshot(base);
  if (world === null) wrong.push({ rev: base, why: 'the world it begins with cannot be read' });
  world ??= { ...emptyWorld, rev: base, at: epochMs(recording.startAt) };
  const due = recording.snapshots.filter((rev) => rev > base);
  let entries = 0;
  for (let from: number = base + 1; from <= last; ) {
    const stop = Math.min(last, from + chunk - 1, due[0] ?? last);
    const batch = recording.entries(revision(from), revision(stop));
    entries += batch.length;
    world = foldWorld(probes, world, batch);
    from = stop + 1;
    if (stop !== due[0]) continue;
    due.shift();
    const saved = recording.snapshot(world.rev);
    if (saved === null) wrong.push({ rev: world.rev, why: 'it cannot be read' });
    else if (!isDeepStrictEqual(saved, world)) {
      wrong.push({ rev: world.rev, why: 'it differs from what the entries say' });
    }
  }
  return { ...infoOf(recording), entries, unreadable: recording.unreadable, wrongSnapshots: wrong };
};

/** Nothing missing, nothing wrong. An `open` recording may be sound: it only has not ended. */
export const isSound = (found: Verification): boolean =>
  found.lost === null &&
  !found.damagedFileHeader &&
  found.unreadable === 0 &&
  found.wrongSnapshots.length === 0;
