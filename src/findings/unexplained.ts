import type { AlertStream, StreamItem } from './alert-stream.ts';
import { earliest } from './facts.ts';
import type { Finding } from './finding.ts';

/** Lines for alerts that nothing explains; the rest is counted, and stands in the stream. */
const linesKept = 50;

/** Fires, is meant for somebody, and no finding is about the same thing. */
export const isUnexplained = (item: StreamItem): boolean =>
  item.kind !== 'event' &&
  item.state === 'firing' &&
  item.finding === null &&
  (item.severity === 'critical' || item.severity === 'warning');

/** How many there are. One that somebody takes care of is not to wake anybody: it counts as a warning. */
export interface Unexplained {
  readonly critical: number;
  readonly warning: number;
  /** One line for each name and severity, to stand among the others by how much it hurts. */
  readonly findings: readonly Finding[];
}

const isCritical = (item: StreamItem): boolean =>
  item.severity === 'critical' && item.acknowledged === null;

const asFinding = (items: readonly StreamItem[]): readonly Finding[] => {
  const [first, ...others] = items;
  if (first === undefined) return [];
  const worst = others.reduce((a, b) => (b.weight > a.weight ? b : a), first);
  const by = worst.acknowledged;
  const more = items.length > 1 ? `x${items.length}` : worst.subject;
  return [
    {
      key: `alert/${worst.key}`,
      subsystem: 'alerts',
      tone: isCritical(worst) ? 'bad' : 'warn',
      title: worst.name,
      reason: [
        more,
        items.length > 1 ? 'alerts that nothing explains' : 'alert that nothing explains',
        ...(by === null ? [] : [`acknowledged by ${by.by}`]),
        ...(worst.stale ? ['its sources are not heard now'] : []),
      ]
        .filter((t) => t !== '')
        .join(', '),
      detail: worst.summary,
      ready: null,
      weight: worst.weight,
      since: earliest(items.map((i) => i.since)),
      object: worst.object,
      opens: { view: 'alert', args: { key: worst.key } },
      proof: worst.proof,
      under: null,
    },
  ];
};

const known = new WeakMap<AlertStream['items'], Unexplained>();

/** Remembered by the items: mostly nothing about any alert is new. */
export const unexplained = ({ items }: AlertStream): Unexplained => {
  const had = known.get(items);
  if (had !== undefined) return had;
  const found = find(items);
  known.set(items, found);
  return found;
};

const find = (items: AlertStream['items']): Unexplained => {
  const all = items.filter(isUnexplained);
  const critical = all.filter(isCritical).length;
  const folded = Map.groupBy(all, (i) => `${isCritical(i)} ${i.name}`);
  return {
    critical,
    warning: all.length - critical,
    findings: [...folded.values()].slice(0, linesKept).flatMap(asFinding),
  };
};
