import type { Cron } from './cron.ts';
import { changeAfter, type Zone } from './zone.ts';

const minute = 60_000;
const day = 86_400_000;

/** A schedule that does not come within so many years never comes. */
const yearsAhead = 5;

const dayMatches = (cron: Cron, date: Date): boolean => {
  const month = cron.days.has(date.getUTCDate());
  const week = cron.weekdays.has(date.getUTCDay());
  return cron.eitherDay ? month || week : month && week;
};

const minuteOfDay = (cron: Cron, from: number): number | null => {
  for (let at = from; at < 24 * 60; at += 1) {
    if (!cron.hours.has(Math.floor(at / 60))) at += 59 - (at % 60);
    else if (cron.minutes.has(at % 60)) return at;
  }
  return null;
};

/** The first time on a wall clock after `after` at which the schedule comes; null when it does not within five years. */
export const nextOnWall = (cron: Cron, after: number): number | null => {
  let from = Math.floor(after / minute) * minute + minute;
  const lastYear = new Date(from).getUTCFullYear() + yearsAhead;
  for (;;) {
    const date = new Date(from);
    const year = date.getUTCFullYear();
    // Not a number where the time is beyond what can be written.
    if (!(year <= lastYear)) return null;
    if (!cron.months.has(date.getUTCMonth() + 1)) {
      from = Date.UTC(year, date.getUTCMonth() + 1, 1);
      continue;
    }
    const midnight = Math.floor(from / day) * day;
    const found = dayMatches(cron, date) ? minuteOfDay(cron, (from - midnight) / minute) : null;
    if (found !== null) return midnight + found * minute;
    from = midnight + day;
  }
};

/**
 * The first instant after `after` at which clocks of the zone show a time of the schedule. Times that are skipped in
 * spring do not come, those that are shown twice in autumn come twice.
 */
export const nextInZone = (cron: Cron, zone: Zone, after: number): number | null => {
  let from = after + 1;
  for (;;) {
    const offset = zone.offset(from);
    const wall = nextOnWall(cron, from + offset - 1);
    if (wall === null) return null;
    const change = changeAfter(zone, from, wall - offset);
    if (change === null) return wall - offset;
    from = change;
  }
};
