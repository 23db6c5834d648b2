import { ownItem } from './alert-own.ts';
import type { StreamItem } from './alert-stream.ts';
import { aboutKey } from './alerts-about.ts';
import type { Finding, Proof } from './finding.ts';

/** Quoted with one alert. */
const eventsQuoted = 3;

/** Warning events of the cluster that no other finding explains, by the object that they are about. */
export interface EventFindings {
  readonly all: readonly Finding[];
  readonly byObject: ReadonlyMap<string, readonly Finding[]>;
}

export const eventFindings = (findings: readonly Finding[]): EventFindings => {
  const all = findings.filter((f) => f.subsystem === 'alerts');
  return {
    all,
    byObject: Map.groupBy(
      all.filter((f) => f.object !== null),
      (f) => (f.object === null ? '' : aboutKey(f.object)),
    ),
  };
};

/** Events about one of the objects that an alert is about. */
export const eventsAbout = (
  { byObject }: EventFindings,
  about: readonly string[],
): readonly Finding[] =>
  byObject.size === 0 ? [] : about.flatMap((key) => byObject.get(key) ?? []);

export const eventProof = (events: readonly Finding[]): readonly Proof[] =>
  events.slice(0, eventsQuoted).flatMap((f) => f.proof.slice(0, 1));

/** A line of its own for those that no alert covers. */
export const eventItem = (f: Finding): StreamItem => ({
  ...ownItem({
    key: f.key,
    name: f.reason,
    summary: f.detail,
    since: f.since,
    proof: f.proof,
    subject: f.title,
    object: f.object,
    about: f.object === null ? [] : [aboutKey(f.object)],
    weight: f.weight,
  }),
  kind: 'event',
});
