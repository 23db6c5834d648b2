import { exportEntries, exportTimeline } from '../adapters/journal/export.ts';
import { type FileRecording, openRecording } from '../adapters/journal/file-recording.ts';
import {
  infoOf,
  isSound,
  type RecordingInfo,
  type Verification,
  verifyRecording,
} from '../adapters/journal/verify.ts';
import { failureText } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { Io } from './io.ts';
import { allProbes } from './probes.ts';

export interface RecordingArgs {
  readonly file: string;
  readonly json: boolean;
  /** `export`: what changed, in words, instead of the entries. */
  readonly timeline?: boolean;
}

/** Exit codes: 0 as it should be, 1 damaged, 2 cannot be opened. */
const cannotOpen = 2;

const opened = async (
  { file, json }: RecordingArgs,
  io: Pick<Io, 'out' | 'err'>,
  use: (recording: FileRecording) => number,
): Promise<number> => {
  const recording = openRecording(file, allProbes);
  if (!recording.ok) {
    if (json) io.out(`${JSON.stringify({ path: file, failure: recording.failure })}\n`);
    io.err(`midwatch: ${failureText(recording.failure)}\n`);
    return cannotOpen;
  }
  try {
    return use(recording.value);
  } finally {
    recording.value.close();
  }
};

/** What a recording is about, how long and how large. 0 also when its end is missing: that is told. */
export const recordingInfo = (args: RecordingArgs, io: Pick<Io, 'out' | 'err'>): Promise<number> =>
  opened(args, io, (recording) => {
    const info = infoOf(recording);
    io.out(args.json ? `${JSON.stringify(info)}\n` : `${infoLines(info).join('\n')}\n`);
    return 0;
  });

/** Reads every byte, checks every entry and every snapshot. 1 when something is missing or wrong. */
export const recordingVerify = (
  args: RecordingArgs,
  io: Pick<Io, 'out' | 'err'>,
): Promise<number> =>
  opened(args, io, (recording) => {
    const found = verifyRecording(recording);
    const sound = isSound(found);
    io.out(
      args.json
        ? `${JSON.stringify({ ...found, sound })}\n`
        : `${[...infoLines(found), ...verdict(found, sound)].join('\n')}\n`,
    );
    return sound ? 0 : 1;
  });

/** Entries as JSON, one a line, or the timeline as Markdown. 1 when the recording has lost some. */
export const recordingExport = (
  args: RecordingArgs,
  io: Pick<Io, 'out' | 'err'>,
): Promise<number> =>
  opened(args, io, (recording) => {
    const parts = args.timeline === true ? exportTimeline(recording) : exportEntries(recording);
    for (const part of parts) io.out(part);
    const { lost } = recording.scan;
    if (lost !== null) io.err(`midwatch: ${lostText(recording.last, lost)}\n`);
    if (recording.unreadable > 0) {
      io.err(`midwatch: ${recording.unreadable} entries could not be read\n`);
    }
    return lost === null && recording.unreadable === 0 ? 0 : 1;
  });

const infoLines = (info: RecordingInfo): readonly string[] => {
  const { origin, lost } = info;
  return [
    ...(info.title === '' ? [] : [line('about', info.title)]),
    line('file', `${info.path}, ${sizeText(info.size)}`),
    line('cluster', origin === null ? 'not told' : `${origin.cluster} (context ${origin.context})`),
    line('by', [origin?.by ?? '', info.program].filter((s) => s !== '').join(', ') || 'not told'),
    line('from', stamp(info.startAt)),
    line('to', `${stamp(info.endAt)}, ${durationText(info.endAt - info.startAt)}`),
    line('entries', entriesText(info)),
    line('blocks', `${info.blocks}, ${info.snapshots} of them complete worlds`),
    line('ended', info.state === 'ended' ? 'in order' : 'no: still recording, or cut off'),
    ...(info.damagedFileHeader ? [line('damage', 'the first bytes of the file')] : []),
    ...(lost === null ? [] : [line('lost', lostText(info.last, lost))]),
  ];
};

const entriesText = ({ base, last }: Pick<RecordingInfo, 'base' | 'last'>): string =>
  last === base
    ? 'none'
    : `${last - base}, revisions ${base + 1} to ${last}${base > 0 ? `, after a world at ${base}` : ''}`;

const verdict = (found: Verification, sound: boolean): readonly string[] => [
  ...(found.unreadable > 0 ? [line('unreadable', `${found.unreadable} entries`)] : []),
  ...found.wrongSnapshots.map(({ rev, why }) => line('snapshot', `at ${rev}: ${why}`)),
  line('verdict', sound ? `sound: ${found.entries} entries read` : 'DAMAGED'),
];

const lostText = (last: number, lost: NonNullable<RecordingInfo['lost']>): string => {
  const upTo = lost.upTo === null ? '' : `, up to ${lost.upTo} at least`;
  return `entries after revision ${last}${upTo}; ${lost.bytes} bytes dropped: ${lost.why}`;
};

const line = (name: string, text: string): string => `${name.padEnd(11)} ${text}`;

const stamp = (at: EpochMs): string =>
  `${new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '')} UTC`;

const sizeText = (size: number): string => {
  if (size < 1024) return `${size} B`;
  const mib = size / 1024 / 1024;
  return mib < 1 ? `${(size / 1024).toFixed(1)} KiB` : `${mib.toFixed(1)} MiB`;
};

const durationText = (ms: number): string => {
  const s = Math.round(ms / 1000);
  const parts = [
    [Math.floor(s / 3600), 'h'],
    [Math.floor(s / 60) % 60, 'm'],
    [s % 60, 's'],
  ] as const;
  return parts
    .filter(([n], i) => n > 0 || i === 2)
    .map(([n, unit]) => `${n}${unit}`)
    .join(' ');
};
