import type { LogTarget } from '../kernel/act.ts';
import { durationText } from '../kernel/duration.ts';
import type { Milliseconds } from '../kernel/units.ts';
import { lokiQuery } from './guards/since-limit.ts';

/** A line filter as LogQL has it; '' without one. */
const filterText = (grep: string): string => (grep === '' ? '' : ` |~ ${JSON.stringify(grep)}`);

/** The same lines in a Loki whose streams are labelled `namespace`, `pod` and `container`, as its agents do by themselves. */
export const logQl = (target: LogTarget, grep = ''): string =>
  `${lokiQuery(target)}${filterText(grep)}`;

/** What works in a shell, whatever stands in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** For a terminal beside this one, where the node has lost what is looked for. */
export const logcliText = (
  target: LogTarget,
  since: Milliseconds,
  lines: number,
  grep = '',
): string =>
  `logcli query --since=${durationText(since)} --limit=${lines} ${quoted(logQl(target, grep))}`;
