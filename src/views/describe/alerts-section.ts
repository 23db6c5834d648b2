import { type About, alertsAbout } from '../../findings/alerts-about.ts';
import { health } from '../../findings/health.ts';
import { alertTarget } from '../parts/alert-line.ts';
import { alertFlags, alertTone, alertWord } from '../parts/alert-words.ts';
import { line, span } from '../parts/line.ts';
import { toneStyle } from '../parts/tone.ts';
import { ageOf, count, many } from '../parts/words.ts';
import { type Detail, item, type Pen, type Section, section } from './detail.ts';

/** As many as one reads; the stream has them all. */
const alertsKept = 10;

/** Alerts about a thing, those that fire first. */
export const alertsSection = (about: About, pen: Pen): readonly Section[] => {
  const { alerts: stream } = health(pen.world, pen.now);
  const all = alertsAbout(stream, about).filter((a) => a.kind !== 'event');
  const details = all.slice(0, alertsKept).map((a): Detail => {
    const tone = alertTone(a);
    const flags = alertFlags(a, pen.now).map((flag) => `  ${flag}`);
    return item(
      pen,
      tone,
      line(
        span(`${alertWord(a)} `, toneStyle(tone)),
        span(a.name, 'title'),
        span(`  ${ageOf(a.since, pen.now)}${flags.join('')}`, 'dim'),
      ),
      [a.summary],
      alertTarget(a),
    );
  });
  const left = all.length - details.length;
  const rest: readonly Detail[] =
    left === 0 ? [] : [{ lines: [line('     ', span(`and ${count(left)} more`, 'dim'))] }];
  return section('alerts about it', [...details, ...rest], many(all.length, 'alert'));
};
