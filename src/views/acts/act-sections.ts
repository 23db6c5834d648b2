import { absurd } from '../../kernel/absurd.ts';
import type { ToldReason } from '../../kernel/act-fact.ts';
import type { Act, ActStep } from '../../kernel/acts.ts';
import { failureText } from '../../kernel/failure.ts';
import { type EpochMs, epochMs } from '../../kernel/units.ts';
import { lookAt } from '../act/course-lines.ts';
import {
  type Detail,
  field,
  fieldIf,
  item,
  type Pen,
  type Section,
  section,
} from '../describe/detail.ts';
import { fit, line, type Style, span } from '../parts/line.ts';
import type { AnyTone } from '../parts/tone.ts';
import { clockUtc, dateUtc } from '../parts/words.ts';
import { stateDetail, stateTone, stateWord } from './act-words.ts';

const momentText = (at: EpochMs): string => `${dateUtc(at)} ${clockUtc(at, true)} UTC`;

const origins = {
  screen: 'a screen',
  command: 'a command',
  runbook: 'a step of a runbook',
} as const;

const aboutSection = ({ id, asked, state }: Act, pen: Pen): Section => {
  const detail = stateDetail(state);
  return {
    title: asked.title,
    details: [
      item(pen, stateTone(state), line(span(stateWord(state), 'title')), [detail]),
      field(pen, 'asked for', `${momentText(epochMs(asked.at))}, from ${origins[asked.origin]}`),
      field(pen, 'by', asked.by),
      field(pen, 'on', asked.context),
      field(
        pen,
        'action',
        `${asked.action}, which ${asked.effect === 'read' ? 'only reads' : asked.effect === 'write' ? 'changes something' : 'joins a terminal'}`,
      ),
      field(pen, 'about', subjectText(asked.subject), { open: lookAt(asked.subject) }),
      ...fieldIf(pen, 'step', asked.run === '' ? '' : `${asked.task} of run ${asked.run}`),
      field(pen, 'act', id),
      field(pen, 'digest', asked.digest),
    ],
  };
};

const subjectText = (subject: Act['asked']['subject']): string => {
  switch (subject.kind) {
    case 'object':
      return `${subject.resource} ${subject.namespace === '' ? '' : `${subject.namespace}/`}${subject.name}${subject.uid === null ? '' : `, uid ${subject.uid}`}`;
    case 'etcd':
      return `etcd ${subject.cluster}${subject.member === '' ? '' : `, member ${subject.member}`}`;
    default:
      return subject.cluster === '' ? 'alerts' : `alerts of ${subject.cluster}`;
  }
};

const requestsOf = ({ asked }: Act, pen: Pen): readonly Section[] =>
  section(
    asked.requests.length === 1 ? 'what it would send' : 'what it would send, in this order',
    asked.requests.map((text, i) => field(pen, String(i + 1), text)),
  );

const reasonTones: Readonly<Record<ToldReason['kind'], AnyTone>> = {
  deny: 'bad',
  ask: 'unknown',
  allow: 'good',
};

interface Told {
  readonly tone: AnyTone;
  readonly text: string;
  readonly style?: Style;
  readonly below?: readonly string[];
}

const resultOf = ({ result }: Extract<ActStep, { kind: 'ended' }>): Told => {
  switch (result.kind) {
    case 'done':
      return { tone: 'good', text: 'done', below: [result.text] };
    case 'failed':
      return { tone: 'bad', text: 'failed', below: [failureText(result.failure)] };
    default:
      return { tone: 'unknown', text: 'nobody knows what came of it', below: [result.why] };
  }
};

const toldOf = (step: ActStep): Told => {
  switch (step.kind) {
    case 'judged':
      return {
        tone: step.outcome === 'deny' ? 'bad' : step.outcome === 'ask' ? 'unknown' : 'good',
        text: `${step.stage === 'first' ? 'judged' : 'judged again'}: ${step.outcome}`,
      };
    case 'confirmed': {
      const how = step.how.length === 0 ? '' : ` by ${step.how.join(', ')}`;
      return {
        tone: 'good',
        text: `agreed to${how}`,
        below: [
          step.reason === '' ? '' : `because: ${step.reason}`,
          step.approvedBy === '' ? '' : `with ${step.approvedBy}`,
        ],
      };
    }
    case 'declined':
      return { tone: 'muted', text: 'declined', below: [step.why] };
    case 'started':
      return { tone: 'progress', text: 'started: from here on it may have been sent' };
    case 'progress':
      return { tone: 'info', text: step.text };
    case 'ended':
      return resultOf(step);
    case 'reconciled':
      return { tone: 'unknown', text: 'looked for later', below: [step.text] };
    default:
      return absurd(step);
  }
};

const guardWidth = 14;

const stepDetails = (step: ActStep, pen: Pen): readonly Detail[] => {
  const { tone, text, below = [] } = toldOf(step);
  const head = item(
    pen,
    tone,
    line(span(clockUtc(epochMs(step.at), true), 'dim'), '  ', span(text)),
    below,
  );
  if (step.kind !== 'judged') return [head];
  const reasons = step.reasons.map(({ guard, kind, why }): Detail => {
    const { lines } = item(
      pen,
      reasonTones[kind],
      line(span(fit(guard, guardWidth), 'dim'), ' ', span(why, kind === 'deny' ? 'bad' : 'plain')),
    );
    return { lines: lines.map((l) => line('    ', l)) };
  });
  return [head, ...reasons];
};

/** Everything that is written down of an act, in its order. */
export const actSections = (act: Act, pen: Pen): readonly Section[] => [
  aboutSection(act, pen),
  ...requestsOf(act, pen),
  ...section(
    'what happened',
    act.steps.flatMap((step) => stepDetails(step, pen)),
  ),
];
