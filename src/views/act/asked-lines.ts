import { definitionOf, elsewhereText } from '../../actions/catalogue.ts';
import type { Asked } from '../../actions/pipeline.ts';
import { requestText } from '../../actions/request-text.ts';
import type { ActSubject, Challenge } from '../../kernel/act.ts';
import type { Glyphs } from '../parts/glyphs.ts';
import { blank, type Line, line, span } from '../parts/line.ts';
import { many } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import { questionsOf } from './questions.ts';
import { verdictLines } from './reason-lines.ts';
import { beside, dangerLines, requestLines } from './request-lines.ts';

export interface Frame {
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** From here on what is sent and what guards say stand beside each other. */
const wideFrom = 120;
const leftShare = 0.54;
/** Enough to tell plans apart; the audit has all of it. */
const digestShown = 16;

/** Sentences that go on below themselves. */
export const sentence = (
  text: string,
  { width }: Frame,
  style: Parameters<typeof span>[1] = 'plain',
): readonly Line[] =>
  wrap(span(text).text, Math.max(10, width - 4)).map((part) => line('   ', span(part, style)));

/** A block under a rule; none where there is nothing to say. */
export const block = (
  title: string,
  lines: readonly Line[],
  { width, glyphs }: Frame,
): readonly Line[] =>
  lines.length === 0 ? [] : [rule(title, width, glyphs.rule), ...lines, blank];

/** The thing as a command of another tool names it. */
export const namedOf = (subject: ActSubject) =>
  subject.kind === 'object'
    ? { resource: subject.resource, namespace: subject.namespace, name: subject.name }
    : null;

const challengeText = (challenge: Challenge, { plan }: Asked): string => {
  switch (challenge.kind) {
    case 'name':
      return `type ${plan.typed}`;
    case 'reason':
      return `say why, in ${challenge.least} characters or more; it is kept in the audit`;
    case 'second-person':
      return `another person agrees: midwatch approve ${plan.digest} --context ${plan.context}`;
    default:
      return 'press y';
  }
};

const asksLines = (asked: Asked, frame: Frame): readonly Line[] => {
  const questions = questionsOf(asked.plan, asked.verdict);
  // One alone stands on the last line already.
  if (questions.length === 1 && questions[0]?.kind !== 'second-person') return [];
  return questions.flatMap((q, i) =>
    wrap(span(challengeText(q, asked)).text, Math.max(10, frame.width - 6)).map((text, part) =>
      line(span(part === 0 ? `  ${i + 1} ` : '    ', 'key'), ' ', span(text)),
    ),
  );
};

const deniedLines = (asked: Asked, broken: boolean, frame: Frame): readonly Line[] => {
  const { verdict, plan } = asked;
  const action = definitionOf(plan.action);
  const elsewhere = action === null ? '' : elsewhereText(action, namedOf(plan.subject));
  return [
    ...(verdict.breakable && !broken
      ? sentence(
          'Breaking the glass opens it, for a while and in the audit: :break-glass asks for a reason and a ticket.',
          frame,
        )
      : verdict.breakable
        ? []
        : sentence('Nothing opens it from here; r asks again.', frame)),
    ...(elsewhere === '' ? [] : sentence(`Elsewhere: ${elsewhere}`, frame, 'dim')),
  ];
};

/** What the guards say together, in a few words. */
export const outcomeText = ({ plan, verdict }: Asked): string => {
  const denials = verdict.reasons.filter((r) => r.judgement.kind === 'deny').length;
  if (verdict.outcome === 'deny') {
    return denials === 1 ? 'denied by one guard' : `denied by ${many(denials, 'guard')}`;
  }
  const n = questionsOf(plan, verdict).length;
  return n === 0 ? 'allowed' : `allowed, when you ${n === 1 ? 'agree' : `answer ${n} questions`}`;
};

const requestsTitle = ({ plan }: Asked): string =>
  plan.requests.length === 1
    ? 'what is sent'
    : `what is sent, in this order: ${many(plan.requests.length, 'request')}`;

const bodyOf = (asked: Asked, frame: Frame, sealed: boolean, broken: boolean): readonly Line[] => {
  const { plan, verdict } = asked;
  const denied = verdict.outcome === 'deny';
  const dangers = (f: Frame) => block('what to know', dangerLines(plan, f.width, f.glyphs), f);
  const requests = (f: Frame) => block(requestsTitle(asked), requestLines(plan, f.width), f);
  const guards = (f: Frame) =>
    block(`guards: ${outcomeText(asked)}`, verdictLines(verdict, f.width, f.glyphs), f);
  const next = (f: Frame) =>
    denied
      ? block('what can be done', deniedLines(asked, broken, f), f)
      : sealed
        ? []
        : block('what you are asked', asksLines(asked, f), f);
  if (frame.width < wideFrom) {
    return denied
      ? [...guards(frame), ...next(frame), ...requests(frame), ...dangers(frame)]
      : [...dangers(frame), ...requests(frame), ...guards(frame), ...next(frame)];
  }
  const left = { ...frame, width: Math.floor(frame.width * leftShare) };
  const right = { ...frame, width: frame.width - left.width - 2 };
  return beside(
    [...dangers(left), ...requests(left)],
    [...guards(right), ...next(right)],
    left.width + 2,
  );
};

/**
 * A plan to be agreed to: what is sent, what to know, every guard's word, and what is asked.
 * @param sealed Why it can never be agreed to here; '' when it can.
 * @param broken The glass is broken now.
 */
export const askedLines = (
  asked: Asked,
  sealed: string,
  broken: boolean,
  frame: Frame,
): readonly Line[] => {
  const mark = `act ${asked.act}, digest ${asked.plan.digest.slice(0, digestShown)}`;
  return [
    ...(sealed === '' ? [] : [...sentence(sealed, frame, 'here'), blank]),
    ...bodyOf(asked, frame, sealed !== '', broken),
    ...sentence(mark, frame, 'dim'),
  ];
};

/** The whole plan as text, for a ticket. */
export const planCopy = ({ plan }: Asked): string =>
  [plan.title, `context ${plan.context}`, ...plan.requests.map(requestText), plan.digest].join(
    '\n',
  );
