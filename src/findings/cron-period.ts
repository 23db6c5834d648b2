import { hours, type Milliseconds, minutes } from '../kernel/units.ts';

const named: Readonly<Record<string, Milliseconds>> = {
  '@hourly': hours(1),
  '@daily': hours(24),
  '@midnight': hours(24),
  '@weekly': hours(7 * 24),
};

const listed = /^\d+(?:,\d+)*$/;
const stepped = /^\*\/(\d+)$/;

/**
 * Longest time between two runs of a schedule, for the plain forms that nearly all schedules have; null for the
 * others. Days of the month and of the week are not among them: a gap there may be weeks, and nobody's fault.
 */
export const cronPeriod = (schedule: string): Milliseconds | null => {
  const text = schedule.trim();
  if (text in named) return named[text] ?? null;
  const [minute = '', hour = '', ...days] = text.split(/\s+/);
  if (days.length !== 3 || days.some((d) => d !== '*' && d !== '?')) return null;
  const everyMinutes = minute === '*' ? 1 : Number(stepped.exec(minute)?.[1] ?? 0);
  if (everyMinutes === 0 && !listed.test(minute)) return null;
  if (hour === '*') return everyMinutes > 0 ? minutes(Math.min(60, everyMinutes)) : hours(1);
  const everyHours = Number(stepped.exec(hour)?.[1] ?? 0);
  if (everyHours > 0) return hours(Math.min(24, everyHours));
  return listed.test(hour) ? hours(24) : null;
};
