import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { type Entry, entrySchema, type Fact, type ProbeId, probeId } from '../../kernel/fact.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { cleanse } from '../../kernel/redact.ts';
import { hostileCharacter } from '../../kernel/text.ts';
import { type EpochMs, type Revision, revision } from '../../kernel/units.ts';
import { type BlockHeader, maxPayload } from './format.ts';

/** Fast, and within a few per cent of the best that entries allow. */
const level = 3;

/** Packs off the calling thread. */
export const pack = (text: string | Buffer): Promise<Buffer> =>
  promisify(zlib.zstdCompress)(text, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: level },
  });

/** Unpacks at most `maxPayload` bytes; what would be larger is refused without being built. */
export const unpack = (payload: Uint8Array): Result<Buffer> => {
  try {
    return ok(zlib.zstdDecompressSync(payload, { maxOutputLength: maxPayload }));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return failed(failure('undecodable', 'unpack a block', message));
  }
};

export const linesOf = (entries: readonly Entry[]): string =>
  entries.map((entry) => JSON.stringify(entry)).join('\n');

export interface Decoded {
  /** As many as the header announces, with the revisions that it announces. */
  readonly entries: readonly Entry[];
  /** How many of them stand for one that could not be read. */
  readonly unreadable: number;
}

/**
 * The entries of a block. One that does not fit its schema is replaced, so that revisions stay without holes: by a
 * `gap` of its probe when that much can be told, else by a mark. So the screen shows it as missing, not as calm.
 */
export const decodeEntries = (
  header: Pick<BlockHeader, 'rev' | 'count'>,
  payload: Uint8Array,
  probes: ReadonlyMap<ProbeId, AnyProbe>,
  before: EpochMs,
): Decoded => {
  const unpacked = unpack(payload);
  const lines = unpacked.ok ? unpacked.value.toString('utf8').split('\n') : [];
  const entries: Entry[] = [];
  let unreadable = 0;
  let marked = false;
  let at = before;
  for (let i = 0; i < header.count; i += 1) {
    const rev = revision(header.rev + i);
    const entry = readEnvelope(parseClean(lines[i] ?? ''), rev);
    if (entry === null) {
      unreadable += 1;
      // Of a run of them one is shown; the others only take their revisions.
      entries.push({ rev, at, fact: marked ? nothing : cannotBeRead });
      marked = true;
      continue;
    }
    marked = false;
    at = entry.at;
    const checked = checkData(entry, probes);
    if (checked.fact.kind !== entry.fact.kind) unreadable += 1;
    entries.push(checked);
  }
  return { entries, unreadable };
};

const nothing: Fact = { kind: 'heard', probe: probeId(''), scope: '' };
const cannotBeRead: Fact = { kind: 'mark', label: 'something recorded here cannot be read' };

const checkData = (entry: Entry, probes: ReadonlyMap<ProbeId, AnyProbe>): Entry => {
  if (entry.fact.kind !== 'observed') return entry;
  const { probe, scope, data } = entry.fact;
  const checked = probes.get(probe)?.schema.safeParse(data);
  if (checked === undefined) return entry;
  if (checked.success) return { ...entry, fact: { ...entry.fact, data: checked.data } };
  const why = 'an entry of this recording cannot be read';
  return { ...entry, fact: { kind: 'gap', probe, scope, why } };
};

const readEnvelope = (value: unknown, rev: Revision): Entry | null => {
  const parsed = entrySchema.safeParse(value);
  return parsed.success && parsed.data.rev === rev ? (parsed.data as Entry) : null;
};

/** An escape other than those of quotes and backslashes, or a character that `plainText` removes. */
const unfit = new RegExp(String.raw`\\[^"\\]|${hostileCharacter}|[\ud800-\udfff]`);

/**
 * JSON whose text is fit for a terminal. Ours always is, and one look at the line tells; a file that somebody else has
 * made need not be, and is cleaned. Undefined when it is no JSON.
 */
export const parseClean = (json: string): unknown => {
  try {
    const value: unknown = JSON.parse(json);
    return unfit.test(json) ? cleanse(value).value : value;
  } catch {
    return undefined;
  }
};
