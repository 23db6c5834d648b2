import { absurd } from '../../kernel/absurd.ts';
import { failureText } from '../../kernel/failure.ts';
import type { CommandId } from '../keymap.ts';
import { blank, type Line, line, span } from '../parts/line.ts';
import { rule } from '../parts/wrap.ts';
import { type Content, textRows, type ViewInput } from '../view.ts';
import { actHead } from './act-head.ts';
import { askedLines, block, type Frame, sentence } from './asked-lines.ts';
import { endedLines, runningLines } from './course-lines.ts';
import { type ActFlow, intentOfFlow } from './flow.ts';
import { questionPrompt } from './question-prompt.ts';
import { requestLines } from './request-lines.ts';

const bodyOf = (flow: ActFlow, frame: Frame): readonly Line[] => {
  switch (flow.kind) {
    case 'asking':
      return sentence(
        'What would be sent is put together, and the server is asked what you may do.',
        frame,
        'dim',
      );
    case 'unplanned':
      return [
        ...sentence(failureText(flow.failure), frame, 'bad'),
        ...(flow.failure.hint === undefined
          ? []
          : sentence(`${frame.glyphs.arrow} ${flow.failure.hint}`, frame)),
        blank,
        ...sentence('Nothing was sent. r asks again, esc leaves.', frame, 'dim'),
      ];
    case 'asked':
      return askedLines(flow.asked, flow.sealed, flow.asked.facts.glass !== null, frame);
    case 'running':
      return [
        ...runningLines(flow, frame),
        blank,
        ...block('what is sent', requestLines(flow.asked.plan, frame.width), frame),
      ];
    case 'ended':
      return endedLines(flow, frame);
    default:
      return absurd(flow);
  }
};

/** Which of the lines are seen, where that is not all of them. */
const scrolled = (lines: number, top: number, height: number): string => {
  const first = Math.max(0, Math.min(top, lines - height));
  return `${first + 1}-${first + height} of ${lines}, up and down scroll`;
};

/** What the keys do while it stands like this. */
const labelsOf = (flow: ActFlow | null): ReadonlyMap<CommandId, string> => {
  const leave = ['act.leave', 'leave'] as const;
  const again = ['act.again', 'ask again'] as const;
  const copy = ['act.copy', 'copy plan'] as const;
  switch (flow?.kind) {
    case 'unplanned':
      return new Map([leave, again]);
    case 'asked':
      return questionPrompt(flow) === null
        ? new Map([leave, again, copy])
        : new Map([['act.answer', 'answer'], leave, again, copy]);
    case 'running':
      return new Map([['act.leave', 'give up']]);
    case 'ended':
      return new Map([['act.answer', 'look'], leave, again]);
    default:
      return new Map([leave]);
  }
};

const titleText = (flow: ActFlow): string => `action ${intentOfFlow(flow).action}`;

/** The action that somebody is about. */
export const actContent = ({ session, place, width, height, glyphs }: ViewInput): Content => {
  const flow = session.act;
  if (flow === null) {
    return {
      title: 'action',
      head: [],
      rows: textRows([]),
      empty: [line('   ', span('no action is under way; :acts lists those that were', 'dim'))],
    };
  }
  const frame: Frame = { width, glyphs };
  const body = bodyOf(flow, frame);
  const top = actHead(flow, frame);
  const room = height - top.length;
  const head =
    body.length <= room
      ? top
      : [...top, rule('', width, glyphs.rule, scrolled(body.length, place.top, room - 1))];
  return { title: titleText(flow), head, rows: textRows(body), empty: [], labels: labelsOf(flow) };
};
