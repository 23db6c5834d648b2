import { absurd } from '../kernel/absurd.ts';
import { currentVisit, type Run, visitsOf } from '../kernel/run.ts';
import type { RunFact } from '../kernel/run-fact.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { oneLine } from './one-line.ts';

/** What somebody did in a run, for the timeline; null for what is only of interest in the run itself. */
export const runNews = (before: Run | undefined, after: Run, fact: RunFact): Part | null => {
  const book = oneLine(after.runbook.title, 'runbook without a title');
  const who = oneLine(fact.by, 'somebody');
  const about = (rest: string): string => `runbook ${book}: ${rest}`;
  const step = oneLine(currentVisit(before ?? after)?.title ?? '', 'step without a title');
  switch (fact.kind) {
    case 'started': {
      const alert = after.alert === null ? '' : ` for ${oneLine(after.alert.name, 'an alert')}`;
      return part('info', about(`begun by ${who}${alert}`));
    }
    case 'entered': {
      const times = visitsOf(after).get(fact.step) ?? 1;
      const again = times > 1 ? `, time ${times}` : '';
      return part('info', about(`step ${oneLine(fact.title, 'without a title')}${again}`));
    }
    case 'output': {
      const { exit, task, asked } = fact.evidence;
      if (exit === 'ok') return null;
      return part('warn', about(withDetail(`${oneLine(task, 'task')} failed`, oneLine(asked))));
    }
    case 'chosen': {
      const label = oneLine(fact.label);
      const way = label === '' ? oneLine(fact.to, 'onward') : `“${label}”`;
      const against = fact.suggested === 'no' ? ', not what the rule suggested' : '';
      return part('info', about(`${who} chose ${way} at ${step}${against}`));
    }
    case 'skipped':
      return part('warn', about(withDetail(`${who} skipped ${step}`, oneLine(fact.reason))));
    case 'note':
      return part('info', about(withDetail(`note of ${who}`, oneLine(fact.text))));
    case 'kept':
      return part('warn', about('the file has changed; it is followed as it was at the beginning'));
    case 'adopted':
      return part('warn', about('the file has changed; it is followed as it is now'));
    case 'done':
      return part('good', about(withDetail(`done, says ${who}`, oneLine(fact.note))));
    case 'abandoned':
      return part('warn', about(withDetail(`abandoned by ${who}`, oneLine(fact.reason))));
    case 'ticked':
    case 'timer':
    case 'timerEnded':
    case 'value':
      return null;
    default:
      return absurd(fact);
  }
};
