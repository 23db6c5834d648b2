import { clip } from '../../kernel/text.ts';
import { milliseconds } from '../../kernel/units.ts';
import { clean } from '../markdown/clean.ts';
import { byHand, type Classified, type Remark, reading } from './classified.ts';
import { durationOf, durationText } from './duration.ts';
import { lastOf, readFlags, textOf } from './flags.ts';
import { subjectOf, tables } from './kubectl-flags.ts';
import { type Settings, sinceMost, tailMost } from './settings.ts';
import type { Word } from './words.ts';

const unbounded = (settings: Settings): Remark => ({
  severity: 'error',
  rule: 'unbounded-logs',
  message: 'logs without a bound in time',
  hint: `write --since=${durationText(settings.since)}; that is what is read now`,
});

const tooLong = (asked: string): Remark => ({
  severity: 'error',
  rule: 'unbounded-logs',
  message: `logs of ${asked}: at most ${durationText(sinceMost)} are read`,
  hint: `write --since=${durationText(sinceMost)} or less`,
});

/** `kubectl logs` and its words, with a bound in time and in lines whatever is written. */
export const logsPlan = (
  words: readonly Word[],
  settings: Settings,
  source: string,
  filter = '',
): Classified => {
  const flags = readFlags(words, tables.logs);
  const [first, second] = flags.positionals;
  const slashed = first?.value.some((p) => p.kind === 'text' && p.text.includes('/')) === true;
  const subject = subjectOf(
    flags,
    first === undefined ? [] : [first],
    settings,
    slashed ? '' : 'pod',
  );
  if (subject === null || (first === undefined && subject.selector === null)) {
    return byHand(source, 'read');
  }
  const written = textOf(flags, 'since');
  const asked = durationOf(written);
  const remarks: Remark[] = [];
  const byTime = lastOf(flags, 'sinceTime') !== null;
  if (asked === null && !byTime && !settings.sinceGiven) remarks.push(unbounded(settings));
  if (asked !== null && asked > sinceMost) remarks.push(tooLong(written));
  const since = milliseconds(Math.min(asked ?? settings.since, sinceMost));
  const tail = Number(textOf(flags, 'tail') || settings.tail);
  return reading(
    {
      kind: 'logs',
      subject,
      // `kubectl logs pod container` is the old way to say `-c`.
      container: lastOf(flags, 'container') ?? second?.value ?? null,
      previous: flags.set.has('previous'),
      since,
      tail: Number.isInteger(tail) && tail > 0 ? Math.min(tail, tailMost) : settings.tail,
      bounded: asked === null ? settings.sinceGiven : asked <= sinceMost,
      filter: clip(clean(filter), 200),
    },
    remarks,
  );
};
