import type { LogTarget } from '../kernel/act.ts';
import { durationText } from '../kernel/duration.ts';
import type { Milliseconds } from '../kernel/units.ts';
import { lokiQuery } from './guards/since-limit.ts';

/** A line filter as LogQL has it; '' without one. */
const filterText = (grep: string): string => (grep === '' ? '' : ` |~ ${JSON.stringify(grep)}`);

/**
 * The same lines in a Loki whose streams are labelled `namespace`, `pod` and `container`, as its agents do by themselves.
 * @param workload What runs the pods, where they are not named: a Loki knows no selectors, but names of pods begin with
 * it, also those of pods that are gone. '' where nothing does.
 */
export const logQl = (target: LogTarget, grep = '', workload = ''): string => {
  const query = lokiQuery(target);
  const named = target.pods.kind === 'named' || workload === '';
  const pods = `pod=~${JSON.stringify(`${workload.replaceAll('.', '\\.')}-.+`)}`;
  return `${named ? query : query.replace(/\}$/, `, ${pods}}`)}${filterText(grep)}`;
};

/** What works in a shell, whatever stands in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** For a terminal beside this one, where the node has lost what is looked for. */
export const logcliText = (
  target: LogTarget,
  since: Milliseconds,
  lines: number,
  grep = '',
  workload = '',
): string =>
  `logcli query --since=${durationText(since)} --limit=${lines} ${quoted(logQl(target, grep, workload))}`;
