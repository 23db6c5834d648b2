import type { Finding, Health, Progress, Standing } from '../findings/finding.ts';
import { isEvent } from '../findings/rank.ts';
import { absurd } from '../kernel/absurd.ts';
import type { EpochMs } from '../kernel/units.ts';
import { ageOf, many } from '../views/parts/words.ts';

export interface ReportAbout {
  /** Context or cluster; '' when it is not known. */
  readonly context: string;
  readonly now: EpochMs;
}

/** Findings told in full; a report of a burning cluster must still fit a mail. */
const findingsTold = 60;
const progressTold = 10;

const word = (tone: Standing['tone']): string => {
  switch (tone) {
    case 'bad':
      return 'BAD';
    case 'warn':
      return 'WARN';
    case 'good':
      return 'ok';
    case 'unknown':
      return '?';
    case 'stale':
      return 'OLD';
    default:
      return absurd(tone);
  }
};

const stamp = (at: EpochMs): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** How deep a finding hangs under others that precede it. */
const depths = (findings: readonly Finding[]): ReadonlyMap<string, number> => {
  const depth = new Map<string, number>();
  for (const f of findings) depth.set(f.key, f.under === null ? 0 : (depth.get(f.under) ?? -1) + 1);
  return depth;
};

const findingLines = (f: Finding, depth: number, now: EpochMs): readonly string[] => {
  const indent = '  '.repeat(depth);
  const ready = f.ready === null ? [] : [`${f.ready.have}/${f.ready.want}`];
  const age = f.since > 0 ? [`for ${ageOf(f.since, now)}`] : [];
  const head = [f.title, ...ready, f.reason, ...age].join('  ');
  return [
    `${indent}${word(f.tone).padEnd(5)}${head}`,
    ...(f.detail === '' ? [] : [`${indent}     ${f.detail}`]),
  ];
};

const progressLine = (p: Progress): string =>
  `     ${p.title}${p.ready === null ? '' : `  ${p.ready.have}/${p.ready.want}`}  ${p.reason}`;

/** The rest of a list, in words; nothing when it was told whole. */
const rest = (all: number, told: number): readonly string[] =>
  all > told ? [`     and ${all - told} more`] : [];

/**
 * All that is known, as plain lines: for a mail from cron, a pipe, a terminal that cannot be painted on.
 * No colour, no cursor movement, signs as words; ends with a line end.
 */
export const reportText = (health: Health, { context, now }: ReportAbout): string => {
  const { verdict, standings, findings, progress } = health;
  const broken = findings.filter((f) => !isEvent(f));
  const warnings = findings.filter(isEvent);
  const depth = depths(broken);
  const told = (list: readonly Finding[]): readonly string[] => [
    ...list.slice(0, findingsTold).flatMap((f) => findingLines(f, depth.get(f.key) ?? 0, now)),
    ...rest(list.length, findingsTold),
  ];
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  const lines = [
    `${context === '' ? '' : `${context}: `}${verdict.text}`,
    `at ${stamp(now)}`,
    ...section('broken, worst first', told(broken)),
    ...section('warning events', told(warnings)),
    ...section(
      `on its way: ${many(progress.length, 'workload')}`,
      progress.length === 0
        ? []
        : [
            ...progress.slice(0, progressTold).map(progressLine),
            ...rest(progress.length, progressTold),
          ],
    ),
    ...section(
      'evidence',
      standings.map((s) => {
        const heard = s.heard === null ? 'never heard' : `heard ${stamp(s.heard)}`;
        return `${word(s.tone).padEnd(5)}${s.subsystem.padEnd(7)}${s.evidence} (${heard})`;
      }),
    ),
  ];
  return `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
};
