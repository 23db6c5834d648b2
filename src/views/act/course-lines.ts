import type { ActResult, ActSubject } from '../../kernel/act.ts';
import { blank, type Line, line, type Style, span } from '../parts/line.ts';
import { clockUtc, many } from '../parts/words.ts';
import { wrap } from '../parts/wrap.ts';
import type { Opening } from '../view.ts';
import { block, type Frame, sentence } from './asked-lines.ts';
import type { ActFlow, Told } from './flow.ts';

type Running = Extract<ActFlow, { kind: 'running' }>;
type Ended = Extract<ActFlow, { kind: 'ended' }>;

/** Whole seconds, then minutes with seconds: `7s`, `2m05s`. */
export const elapsed = (ms: number): string => {
  const s = Math.max(0, Math.floor(ms / 1000));
  return s < 60 ? `${s}s` : `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}s`;
};

/** The latest last, as they came. */
const toldLines = (told: readonly Told[], dropped: number, { width }: Frame): readonly Line[] => [
  ...(dropped === 0 ? [] : [line('   ', span(`${many(dropped, 'earlier line')} left out`, 'dim'))]),
  ...told.flatMap(({ at, text }) =>
    wrap(span(text).text, Math.max(10, width - 13), 6).map((part, i) =>
      line(' ', span(i === 0 ? clockUtc(at, true) : ' '.repeat(8), 'dim'), '  ', span(part)),
    ),
  ),
];

/** What abort means, before it is done: what has left cannot be called back. */
const abortText = (effect: 'read' | 'write' | 'session'): string => {
  if (effect === 'read') return 'Giving up stops reading. Nothing was changed.';
  if (effect === 'session')
    return 'Giving up leaves the terminal over there; what it began may go on.';
  return 'Giving up sends nothing more. What was sent stays sent, and what came of it may stay unknown.';
};

export const runningLines = (flow: Running, frame: Frame): readonly Line[] => {
  const { plan } = flow.asked;
  const offered =
    flow.abort.kind === 'no'
      ? sentence('esc gives it up, after telling what that means.', frame, 'dim')
      : flow.abort.kind === 'offered'
        ? [
            ...sentence(abortText(plan.effect), frame, 'warn'),
            ...sentence('esc again gives it up; it goes on otherwise.', frame),
          ]
        : sentence('It is being given up; what comes of that is told here.', frame, 'warn');
  return [...block('it runs', toldLines(flow.told, flow.dropped, frame), frame), ...offered];
};

const resultWords = (result: ActResult): { readonly text: string; readonly style: Style } => {
  switch (result.kind) {
    case 'done':
      return { text: result.text, style: 'plain' };
    case 'failed':
      return { text: result.failure.message, style: 'bad' };
    default:
      return { text: result.why, style: 'warn' };
  }
};

/** Where what was done can be seen. */
export const lookAt = (subject: ActSubject): Opening => {
  switch (subject.kind) {
    case 'object':
      return {
        view: 'describe',
        args: {
          resource: subject.resource,
          namespace: subject.namespace,
          name: subject.name,
        },
      };
    case 'etcd':
      return { view: 'etcd', args: {} };
    default:
      return { view: 'alerts', args: {} };
  }
};

const lookText = (subject: ActSubject): string => {
  switch (subject.kind) {
    case 'object':
      return `${subject.resource} ${subject.namespace === '' ? '' : `${subject.namespace}/`}${subject.name} as it is now`;
    case 'etcd':
      return `etcd ${subject.cluster} as it is now`;
    default:
      return 'the alerts as they are now';
  }
};

/** What came of it, in the server's words, and where to look. */
export const endedLines = (flow: Ended, frame: Frame): readonly Line[] => {
  const { result, asked } = flow;
  const { text, style } = resultWords(result);
  const hint = result.kind === 'failed' ? (result.failure.hint ?? '') : '';
  const on = result.kind === 'failed' ? (result.failure.on ?? '') : '';
  return [
    ...sentence(text, frame, style),
    ...(on === '' ? [] : sentence(on, frame, 'dim')),
    ...(hint === '' ? [] : sentence(`${frame.glyphs.arrow} ${hint}`, frame)),
    ...(result.kind === 'unknown'
      ? sentence('It may have been done: look before you do it again.', frame)
      : []),
    blank,
    ...block('what it told', toldLines(flow.told, flow.dropped, frame), frame),
    ...block(
      'where to look',
      [
        line('   ', span(frame.glyphs.enter, 'key'), ' ', span(lookText(asked.plan.subject))),
        line('   ', span(':acts', 'key'), ' ', span(`what was written down of act ${asked.act}`)),
      ],
      frame,
    ),
  ];
};
