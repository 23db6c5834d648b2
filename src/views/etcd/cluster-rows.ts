import type { EtcdReason, EtcdReport } from '../../findings/etcd-report.ts';
import type { Failure } from '../../kernel/failure.ts';
import { sliceOf } from '../../kernel/world.ts';
import { etcd } from '../../probes/etcd.ts';
import { cutLine, fit, type Line, line, span, spread } from '../parts/line.ts';
import { type AnyTone, sign, toneStyle } from '../parts/tone.ts';
import { ageOf, ago, many } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { PlainRow, Target, ViewInput } from '../view.ts';
import { memberRows } from './member-table.ts';

const linesOfText = 4;
/** What is in the way of asking ends with what to set. */
const linesOfReason = 6;

/** A line with the sign of a tone; what does not fit goes on below. */
const signed = (
  key: string,
  tone: AnyTone,
  text: string,
  { width, glyphs }: ViewInput,
  target?: Target,
): readonly PlainRow[] =>
  wrap(text, width - 4, linesOfText).map((part, i): PlainRow => {
    const mark = i === 0 ? sign(tone, glyphs) : span(' ');
    const row = { key: `${key}/${i}`, line: line(' ', mark, ' ', span(part, toneStyle(tone))) };
    return i === 0 && target !== undefined ? { ...row, selectable: true, target } : row;
  });

/** Can it write, how much more can it lose, who leads. */
const verdictRows = (report: EtcdReport, input: ViewInput): readonly PlainRow[] => {
  const { verdict, marginText, leader, term, tone, voters, quorum } = report;
  const leads = leader === '' ? 'no leader known' : `leader ${leader}`;
  const facts = [
    ...(verdict.includes(marginText) ? [] : [marginText]),
    `${many(voters, 'voter')}, quorum ${quorum}`,
    term === null ? leads : `${leads}, term ${term}`,
  ].join('; ');
  return [
    ...signed(`${report.name}/verdict`, tone, verdict, input),
    ...wrap(facts, input.width - 4, 2).map((text, i) => ({
      key: `${report.name}/facts/${i}`,
      line: line('   ', span(text, 'dim')),
    })),
  ];
};

const ruleRow = (name: string, text: string, input: ViewInput, right = ''): PlainRow => ({
  key: `${name}/rule/${text}`,
  line: cutLine(rule(text, input.width, input.glyphs.rule, right), input.width),
});

const proofKept = 3;

/** A reason, since when, and below it what it rests on. */
const reasonRows = (report: EtcdReport, reason: EtcdReason, input: ViewInput): PlainRow[] => {
  const { width, glyphs, now } = input;
  const [first = '', ...more] = wrap(reason.text, width - 10, linesOfReason);
  const key = `${report.name}/why/${reason.key}`;
  const age = line(fit(ageOf(reason.since, now), 4, 'right'), ' ');
  return [
    {
      key,
      selectable: true,
      target: {
        open: { view: 'proof', args: { etcd: report.name, reason: reason.key } },
        proof: { etcd: report.name, reason: reason.key },
      },
      line: spread(line(' ', sign(reason.tone, glyphs), ' ', span(first, reason.tone)), age, width),
    },
    ...more.map((text, i) => ({
      key: `${key}/more/${i}`,
      line: line('   ', span(text, reason.tone)),
    })),
    ...reason.proof.slice(0, proofKept).map((p, i) => ({
      key: `${key}/proof/${i}`,
      line: spread(
        line('     ', span(p.text, 'dim')),
        line(span(p.at > 0 ? `${p.source} ${ago(now - p.at)} ` : `${p.source} `, 'dim')),
        width,
      ),
    })),
  ];
};

const outsideRows = (report: EtcdReport, input: ViewInput): readonly PlainRow[] =>
  report.outside.length === 0
    ? []
    : [
        ruleRow(report.name, 'what others see of it', input),
        ...report.outside.flatMap((o, i) =>
          signed(`${report.name}/outside/${i}`, o.tone, `${o.by}: ${o.text}`, input),
        ),
      ];

const disagreementRows = (report: EtcdReport, input: ViewInput): readonly PlainRow[] =>
  report.disagreements.length === 0
    ? []
    : [
        ruleRow(report.name, 'they do not agree', input),
        ...report.disagreements.flatMap((text, i) =>
          signed(`${report.name}/disagreement/${i}`, 'warn', text, input),
        ),
      ];

const hintRow = (key: string, text: string, width: number): readonly PlainRow[] =>
  wrap(text, width - 6, linesOfText).map((part, i) => ({
    key: `${key}/${i}`,
    line: line('     ', span(part)),
  }));

/** What is in the way of knowing more: which file, for whom, and what to set. */
export const problemRows = (
  name: string,
  problems: readonly Failure[],
  input: ViewInput,
): readonly PlainRow[] =>
  problems.length === 0
    ? []
    : [
        ruleRow(name, 'in the way of knowing more', input),
        ...problems.flatMap((problem, i) => {
          const key = `${name}/problem/${i}`;
          const { hint = '' } = problem;
          return [
            ...signed(key, 'warn', problem.message, input),
            ...(hint === '' ? [] : hintRow(`${key}/hint`, hint, input.width)),
          ];
        }),
      ];

/** Below its members a line for all of them: what is done from there is done to the cluster. */
const allRow = ({ name, members }: EtcdReport, width: number): readonly PlainRow[] =>
  members.length < 2
    ? []
    : [
        {
          key: `${name}/all`,
          selectable: true,
          target: {
            object: { resource: 'etcd-members', namespace: name, name: '' },
            subject: { kind: 'etcd', cluster: name, member: '' },
            proof: { etcd: name },
          },
          line: cutLine(line('   ', span(`all ${members.length} members`, 'dim')), width),
        },
      ];

/** Everything of one cluster. */
export const clusterRows = (report: EtcdReport, input: ViewInput): readonly PlainRow[] => {
  const { now } = input;
  const problems = sliceOf(input.world, etcd).state.get(report.name)?.problems ?? [];
  const heard = report.heard === null ? 'never heard' : `heard ${ago(now - report.heard)}`;
  const reasons = report.reasons.flatMap((r) => reasonRows(report, r, input));
  return [
    ruleRow(report.name, `etcd ${report.name}`, input, heard),
    ...verdictRows(report, input),
    ...memberRows(report, input),
    ...allRow(report, input.width),
    ...(reasons.length === 0 ? [] : [ruleRow(report.name, 'why', input), ...reasons]),
    ...outsideRows(report, input),
    ...disagreementRows(report, input),
    ...problemRows(report.name, problems, input),
  ];
};

/** Text for a panel that has nothing else to say. */
export const paragraph = (text: string, width: number, indent = 3): readonly Line[] =>
  wrap(text, width - indent - 1, linesOfText).map((part) => line(' '.repeat(indent), span(part)));
