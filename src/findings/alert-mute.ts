import { epochMs } from '../kernel/units.ts';
import { namesText } from './alert-judgement.ts';
import { ownItem } from './alert-own.ts';
import { type AlertSource, briefNames } from './alert-sources.ts';
import type { StreamItem } from './alert-stream.ts';
import { proofOf } from './facts.ts';

/** As much as an alert about a hundred pods: nobody is told of any. */
const weight = 100;

/**
 * That no Alertmanager answers, where there was one that did: what fires may then reach nobody. A warning and no more,
 * since it may be our own way to them; [] as long as one of them is heard.
 */
export const muteAlertmanagers = (sources: readonly AlertSource[]): readonly StreamItem[] => {
  const asked = sources.filter((s) => s.kind === 'alertmanager');
  const lost = asked.flatMap(({ name, heard, fresh, freshness: f }) =>
    !fresh && f.kind === 'failing' ? [{ name, heard, since: f.since, failure: f.failure }] : [],
  );
  if (lost.length === 0 || lost.length < asked.length) return [];
  if (lost.every((s) => s.heard === null)) return [];
  const nameOf = briefNames(sources.map((s) => s.name));
  return [
    ownItem({
      key: 'own/alertmanagers',
      name: 'no Alertmanager answers',
      subject: `${namesText(lost.map((s) => nameOf(s.name)))}: alerts may reach nobody`,
      summary: '',
      weight,
      since: epochMs(Math.max(...lost.map((s) => s.since))),
      says: lost.map(({ name, heard, since }) => ({
        source: name,
        state: 'silent',
        fresh: false,
        heard,
        since,
      })),
      proof: lost.map(({ name, since, failure }) =>
        proofOf('alerts', `${name}: ${failure.message}`, since),
      ),
    }),
  ];
};
