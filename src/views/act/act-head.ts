import type { Asked } from '../../actions/pipeline.ts';
import { cutLine, type Line, line, type Span, span, spread } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { type Frame, outcomeText } from './asked-lines.ts';
import { elapsed } from './course-lines.ts';
import { type ActFlow, titleOf } from './flow.ts';

/** How it stands, as a sign and a word. */
const standing = (flow: ActFlow, { glyphs }: Frame): { sign: Span; word: string } => {
  switch (flow.kind) {
    case 'asking':
      return { sign: sign('progress', glyphs), word: 'guards are asked' };
    case 'unplanned':
      return { sign: sign('bad', glyphs), word: 'cannot be planned' };
    case 'asked': {
      const denied = flow.asked.verdict.outcome === 'deny';
      return {
        sign: sign(denied ? 'bad' : 'unknown', glyphs),
        word:
          flow.sealed === '' ? outcomeText(flow.asked) : `recording: ${outcomeText(flow.asked)}`,
      };
    }
    case 'running':
      return {
        sign: sign('progress', glyphs),
        word: `runs since ${elapsed(flow.at - flow.startedAt)}, for ${elapsed(flow.asked.plan.bounds.time)} at most`,
      };
    default: {
      const took = elapsed(flow.endedAt - flow.startedAt);
      const tone = { done: 'good', failed: 'bad', unknown: 'unknown' } as const;
      const word = { done: 'done', failed: 'failed', unknown: 'unknown' } as const;
      return {
        sign: sign(tone[flow.result.kind], glyphs),
        word: `${word[flow.result.kind]} after ${took}`,
      };
    }
  }
};

/** On which cluster, as whom, under which rules. Production is told with its name, not with a colour alone. */
const whereLine = ({ plan, facts }: Asked): Line => {
  const { identity, policy, production } = facts;
  return line(
    '   ',
    production
      ? span(` PRODUCTION ${plan.context} `, 'badge')
      : span(`on ${plan.context}`, 'title'),
    span(identity.kind === 'known' ? `  as ${identity.value}` : '  as whom is not known', 'dim'),
    span(`  rules: ${policy.name}`, 'dim'),
  );
};

/** What stays in sight however far one scrolls: what it is, how it stands, and on which cluster. */
export const actHead = (flow: ActFlow, frame: Frame): readonly Line[] => {
  const { sign: mark, word } = standing(flow, frame);
  const first = spread(
    line(' ', mark, ' ', span(titleOf(flow), 'title')),
    line(span(word, 'dim'), ' '),
    frame.width,
  );
  const asked = flow.kind === 'asking' || flow.kind === 'unplanned' ? null : flow.asked;
  return asked === null ? [first] : [first, cutLine(whereLine(asked), frame.width)];
};
