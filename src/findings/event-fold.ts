import { minutes } from '../kernel/units.ts';
import type { Event } from '../probes/events.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding } from './finding.ts';
import { nodeKey } from './node-key.ts';
import { type Top, titleOf, topKey, topObject, topOfObject } from './owner.ts';
import { podState } from './pod-problem.ts';
import { some } from './words.ts';

/** The server keeps events for an hour; what has not come again for this long is over. */
const minded = minutes(30);
/** About a pod that is well again: only what goes on, and more than once. */
const goesOn = minutes(5);
const often = 3;
const foldsKept = 200;

interface Fold {
  readonly top: Top;
  readonly reason: string;
  readonly newest: Event;
  readonly count: number;
  readonly objects: ReadonlySet<string>;
  readonly since: number;
}

/**
 * Warning events that nothing else explains, one finding per reason and owner. `explained`: keys of findings and of
 * what is on its way, whose events are no news.
 */
export const foldEvents = (facts: Facts, explained: ReadonlySet<string>): readonly Finding[] => {
  const folds = new Map<string, Fold>();
  for (const event of facts.events.values()) {
    if (facts.now - event.lastSeen > minded) continue;
    const { kind, namespace, name } = event.about;
    const top = topOfObject(kind, kind === 'Node' ? '' : namespace, name, facts);
    if (explained.has(findingKey(top)) || (kind === 'Pod' && isOver(event, facts))) continue;
    const key = `event/${event.reason}/${topKey(top)}`;
    folds.set(key, add(folds.get(key), event, top));
  }
  return [...folds]
    .sort(([, a], [, b]) => b.newest.lastSeen - a.newest.lastSeen)
    .slice(0, foldsKept)
    .map(([key, fold]) => asFinding(key, fold));
};

/** Under which key a finding about the same thing would stand. */
const findingKey = (top: Top): string => {
  if (top.resource === 'nodes') return nodeKey(top.name);
  if (top.resource === 'persistentvolumeclaims') return `claim/${top.namespace}/${top.name}`;
  return topKey(top);
};

const isOver = (event: Event, facts: Facts): boolean => {
  const pod = facts.pods.get(`${event.about.namespace}/${event.about.name}`);
  if (pod === undefined) return true;
  if (event.about.uid !== '' && event.about.uid !== pod.uid) return true;
  if (podState(pod, facts).kind === 'trouble') return false;
  return facts.now - event.lastSeen > goesOn || event.count < often;
};

const add = (had: Fold | undefined, event: Event, top: Top): Fold => {
  const object = `${event.about.kind}/${event.about.name}`;
  if (had === undefined) {
    return {
      top,
      reason: event.reason,
      newest: event,
      count: event.count,
      objects: new Set([object]),
      since: event.firstSeen,
    };
  }
  return {
    ...had,
    newest: event.lastSeen > had.newest.lastSeen ? event : had.newest,
    count: had.count + event.count,
    objects: had.objects.has(object) ? had.objects : new Set([...had.objects, object]),
    since: earliest([had.since, event.firstSeen]),
  };
};

const asFinding = (key: string, { top, reason, newest, count, objects, since }: Fold): Finding => ({
  key,
  subsystem: 'alerts',
  tone: 'warn',
  title: top.resource === 'nodes' ? `node ${top.name}` : titleOf(top),
  reason: `${reason}${count > 1 ? ` x${count}` : ''}${objects.size > 1 ? ` on ${some(objects.size, 'object')}` : ''}`,
  detail: newest.message,
  ready: null,
  weight: objects.size,
  since: earliest([since]),
  object: topObject(top),
  proof: [
    proofOf(
      'events',
      `${newest.about.kind} ${newest.about.name}: ${newest.message}`,
      newest.lastSeen,
    ),
    ...(newest.source === ''
      ? []
      : [proofOf('events', `reported by ${newest.source}, ${some(count, 'time')}`, since)]),
  ],
  under: null,
});
