import { type Guard, silent, type WindowWord } from '../guard.ts';
import { denyUnlessBroken } from './broken-glass.ts';

const wordText = ({ source, why }: WindowWord): string => `${source}: ${why}`;

/** More than a person reads at once. */
const wordsMost = 3;

const firstOf = (words: readonly WindowWord[]): string => {
  const rest = words.length - wordsMost;
  const shown = words.slice(0, wordsMost).map(wordText).join('; ');
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
};

const hintOf = (closed: readonly WindowWord[]): string => {
  // All of them have to open: the last one counts.
  const times = closed.map((w) => w.changesAt);
  const last = times.includes(null) ? null : Math.max(...times.flatMap((t) => t ?? []));
  const wait = last === null ? '' : `wait until ${new Date(last).toISOString()}, or `;
  return `${wait}break the glass with a reason and a ticket (:break-glass)`;
};

/** Nothing is changed while a calendar that is about it is closed. A calendar that cannot be read is closed. */
export const changeWindow: Guard = {
  id: 'change-window',
  title: 'nothing is changed while its change window is closed',
  judge: (plan, facts, now) => {
    if (plan.effect === 'read') return silent;
    const { windows, policy } = facts;
    if (windows.kind === 'unknown') {
      return denyUnlessBroken(
        facts,
        now,
        `change windows are not known, and count as closed: ${windows.why}`,
        'make them readable (doctor says what is missing), or break the glass (:break-glass)',
      );
    }
    const closed = windows.value.filter((w) => !w.allowed);
    if (closed.length > 0) return denyUnlessBroken(facts, now, firstOf(closed), hintOf(closed));
    if (windows.value.length > 0) return { kind: 'allow', why: firstOf(windows.value) };
    if (!policy.windowRequired) return silent;
    return denyUnlessBroken(
      facts,
      now,
      `${policy.name}: changes need an open window, and no calendar is about this`,
      'add a window to the configuration, or break the glass (:break-glass)',
    );
  },
};
