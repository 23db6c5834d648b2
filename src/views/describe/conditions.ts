import type { Condition } from '../../probes/condition.ts';
import { line, span } from '../parts/line.ts';
import type { AnyTone } from '../parts/tone.ts';
import { ageOf } from '../parts/words.ts';
import { type Detail, item, type Pen } from './detail.ts';

/** Conditions that are good news when they hold; others, e.g. pressures and failures, are good when they do not. */
const goodNews =
  /^(?:Ready|Available|Progressing|Complete|SuccessCriteriaMet|Initialized|ContainersReady|PodScheduled|PodReadyToStartContainers|Established|NamesAccepted|Bound|Resizing)$/;

const toneOf = ({ type, status }: Condition): AnyTone => {
  if (status === 'Unknown') return 'unknown';
  return (status === 'True') === goodNews.test(type) ? 'good' : 'warn';
};

export const conditionDetails = (all: readonly Condition[], pen: Pen): readonly Detail[] =>
  all.map((c) =>
    item(
      pen,
      toneOf(c),
      line(
        span(c.type, 'title'),
        ` ${c.status}`,
        c.reason === '' ? '' : `  ${c.reason}`,
        c.since === 0 ? '' : span(`  for ${ageOf(c.since, pen.now)}`, 'dim'),
      ),
      [c.message],
    ),
  );
