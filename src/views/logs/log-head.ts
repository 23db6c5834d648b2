import type { Asked } from '../../actions/pipeline.ts';
import { absurd } from '../../kernel/absurd.ts';
import { type Failure, failureText } from '../../kernel/failure.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { nextQuestion } from '../act/questions.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { cutLine, type Line, line, type Span, span, spread } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { byteSize, clockUtc, count, many } from '../parts/words.ts';
import { indent, wrap } from '../parts/wrap.ts';
import { boundsOf, type LogFlow, type LogQuestion, type LogReading } from './flow.ts';

/** Less than this before the end of a lease is told in colour. */
const soonMs = 60_000;

const leftText = (ms: number): string => {
  const s = Math.max(0, Math.ceil(ms / 1000));
  if (s < 120) return `${s}s`;
  return s < 7200 ? `${Math.ceil(s / 60)}m` : `${Math.round(s / 3600)}h`;
};

/** How far back is read, in a word: `10m default`. */
export const windowText = ({ intent, asked }: Pick<LogReading, 'intent' | 'asked'>): string => {
  const bounds = boundsOf(asked);
  const { since, sinceTime, newest } = intent.args;
  if (newest !== undefined) return `newest ${newest}`;
  if (sinceTime !== undefined) {
    const at = Date.parse(sinceTime);
    return `since ${Number.isNaN(at) ? sinceTime : clockUtc(at as EpochMs, true)}`;
  }
  if (since !== undefined) return since;
  if (bounds?.since.kind !== 'age') return 'default';
  const minutes = bounds.since.age / 60_000;
  const age = minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.round(minutes)}m`;
  return `${age} default`;
};

const standing = (reading: LogReading, at: EpochMs, glyphs: Glyphs): readonly [Span, Line] => {
  const { result, until, buffer } = reading;
  if (result === null) {
    if (until === null) return [sign('progress', glyphs), [span('reading')]];
    const left = until - at;
    return [
      sign('progress', glyphs),
      line(
        span('following, '),
        span(`${leftText(left)} left`, left < soonMs ? 'warn' : 'plain'),
        span(left < soonMs ? '; R renews' : '', 'warn'),
      ),
    ];
  }
  if (result.kind === 'done') {
    const text =
      until === null
        ? buffer.received === 0
          ? 'read, and there is nothing'
          : 'all that there was'
        : 'not followed any more; f goes on';
    return [sign('good', glyphs), [span(text)]];
  }
  if (result.kind === 'unknown') return [sign('unknown', glyphs), [span(result.why, 'warn')]];
  // Whoever leaves, or turns following off, ends it: that is no failure of anything.
  if (result.failure.kind === 'ended') return [sign('muted', glyphs), [span('stopped; f goes on')]];
  return [sign('bad', glyphs), [span(failureText(result.failure), 'bad')]];
};

const numbers = ({ buffer }: LogReading, glyphs: Glyphs): Line => {
  const open = [...buffer.sources.values()].filter((s) => s.open).length;
  const all = buffer.sources.size;
  const parts: Line[] = [
    [span(open === all ? many(all, 'stream') : `${open} of ${many(all, 'stream')}`)],
    [span(many(buffer.received, 'line'))],
    [span(byteSize(buffer.units))],
  ];
  if (buffer.warnings > 0)
    parts.push([sign('warn', glyphs), span(` ${count(buffer.warnings)}`, 'warn')]);
  if (buffer.errors > 0) parts.push([sign('bad', glyphs), span(` ${count(buffer.errors)}`, 'bad')]);
  return line(...parts.flatMap((p) => [...p, span('  ')]));
};

/** What is looked at of all that came, and what is not: nothing is left out silently. */
const shownLine = ({ buffer, lens }: LogReading): Line | null => {
  const { filter, faults, source } = lens.wish;
  const wishes = [
    ...(filter === '' ? [] : [`/${filter}`]),
    ...(faults ? ['faults only, with what is around them'] : []),
    ...(source === '' ? [] : [`only ${source.split('/').slice(1).join('/')}`]),
  ];
  const parts: Line[] = [];
  if (wishes.length > 0) {
    const words = lens.whole
      ? `${count(lens.lines)} shown, ${count(lens.filtered)} left out`
      : `${count(lens.lines)} shown, still looking`;
    parts.push(line(span(wishes.join('  '), 'here'), span(`  ${words}`)));
  }
  if (lens.matcher.note !== '') parts.push([span(lens.matcher.note, 'warn')]);
  if (buffer.dropped > 0)
    parts.push([
      span(`${count(buffer.dropped)} older lines dropped here, to bound memory`, 'warn'),
    ]);
  return parts.length === 0
    ? null
    : line('   ', ...parts.flatMap((p, i) => [...(i === 0 ? [] : [span('  ')]), ...p]));
};

export const refusalLines = ({ verdict }: Asked, glyphs: Glyphs, width: number): readonly Line[] =>
  verdict.reasons.flatMap(({ guard, judgement }) => {
    if (judgement.kind === 'allow') return [];
    const denied = judgement.kind === 'deny';
    const hint = denied && judgement.hint !== '' ? ` ${glyphs.arrow} ${judgement.hint}` : '';
    const [first = '', ...more] = wrap(`${guard}: ${judgement.why}${hint}`, width - 5, 4);
    const mark = denied ? sign('bad', glyphs) : sign('unknown', glyphs);
    return [line(' ', mark, ' ', span(first)), ...more.map((l) => indent(l, 3))];
  });

const failureLines = (failure: Failure, glyphs: Glyphs, width: number): readonly Line[] => {
  const hint = failure.hint === undefined ? '' : ` ${glyphs.arrow} ${failure.hint}`;
  const [first = '', ...more] = wrap(`${failureText(failure)}${hint}`, width - 5, 4);
  return [
    line(' ', sign('bad', glyphs), ' ', span(first, 'bad')),
    ...more.map((l) => indent(l, 3)),
  ];
};

/** What key answers what the guards want to know. */
const answerHint = (question: Extract<LogQuestion, { kind: 'waiting' }>): string => {
  const { asked, given } = question;
  const next = nextQuestion(asked.plan, asked.verdict, given);
  switch (next?.kind) {
    case 'reason':
      return 'R says why, for this one question; esc leaves it';
    case 'second-person':
      return `another person has to agree: midwatch approve ${asked.plan.digest.slice(0, 12)}; R looks whether they have`;
    default:
      return 'R agrees; esc leaves it';
  }
};

export const questionLines = (
  question: LogQuestion,
  glyphs: Glyphs,
  width: number,
): readonly Line[] => {
  switch (question.kind) {
    case 'asking':
      return [line(' ', sign('progress', glyphs), span(' guards are asked', 'dim'))];
    case 'unplanned':
      return failureLines(question.failure, glyphs, width);
    case 'refused':
      return refusalLines(question.asked, glyphs, width);
    case 'waiting':
      return [
        ...refusalLines(question.asked, glyphs, width),
        line('   ', span(answerHint(question), 'key')),
      ];
    case 'sealed':
      return [];
    default:
      return absurd(question);
  }
};

/** Stays above the lines: how it stands, in numbers, what is left out, and what the guards said to the last wish. */
export const headLines = (flow: LogFlow, glyphs: Glyphs, width: number): readonly Line[] => {
  const { reading, question, at } = flow;
  const asked = question === null ? [] : questionLines(question, glyphs, width);
  if (reading === null) return [];
  const [mark, words] = standing(reading, at, glyphs);
  const shown = shownLine(reading);
  return [
    spread(line(' ', mark, ' ', words), numbers(reading, glyphs), width),
    ...(shown === null ? [] : [shown]),
    ...asked,
  ].map((l) => cutLine(l, width));
};
