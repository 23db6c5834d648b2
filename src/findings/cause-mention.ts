import type { Pod } from '../probes/pods.ts';
import type { Census, Group } from './census.ts';
import type { TroubleKind } from './container-problem.ts';
import { topKey } from './owner.ts';

/** Something in a message that looks like the address of a service: `10.0.0.1:2379`, `etcd.payments:2379`. */
export interface Place {
  /** In lower case, without a dot at its end. */
  readonly host: string;
  /** '' where none is named. */
  readonly port: string;
}

/** Of longer messages no more is read: what was to be reached stands at the beginning, and lists do not end. */
const read = 4096;
const placesKept = 32;
const longestHost = 253;

// Every alternative begins with a character that the one before cannot end on and never looks back: linear.
const addresses =
  /\[[0-9a-f:.]{2,45}\](?::\d{1,5})?|[a-z0-9_][a-z0-9_.-]*(?::\d{1,5}(?!\w|[.:]\w))?/gi;

/**
 * A single word is the name of a service only where it is meant as an address: with a port, in a URL, after `lookup`
 * as resolvers write it, or when it has a hyphen in it, as words of a sentence rarely have.
 */
const isMeant = (host: string, port: string, before: string): boolean =>
  port !== '' || /[.-]/.test(host) || before.endsWith('//') || before.endsWith('lookup ');

/** Addresses that a message names, in its order, each once. Linear in the length of the text, which is cut. */
export const placesIn = (message: string): readonly Place[] => {
  const text = message.slice(0, read);
  const found = new Map<string, Place>();
  for (const match of text.matchAll(addresses)) {
    const [whole, host, port] = split(match[0]);
    // Times of day look like a port of a number.
    if (host.length > longestHost || /^\d*$/.test(host) || found.has(whole)) continue;
    const before = text.slice(Math.max(0, match.index - 7), match.index);
    if (!isMeant(host, port, before)) continue;
    found.set(whole, { host, port });
    if (found.size >= placesKept) break;
  }
  return [...found.values()];
};

const split = (text: string): readonly [whole: string, host: string, port: string] => {
  const whole = text.toLowerCase();
  const colon = whole.lastIndexOf(':');
  const hasPort = colon >= 0 && !whole.endsWith(']');
  const host = hasPort ? whole.slice(0, colon) : whole;
  let end = host.length;
  while (end > 0 && (host[end - 1] === '.' || host[end - 1] === '-')) end -= 1;
  return [whole, host.slice(0, end), hasPort ? whole.slice(colon + 1) : ''];
};

/** What some pods of one owner say, all of them the same. */
export interface Saying {
  readonly pod: Pod;
  readonly pods: number;
  readonly places: readonly Place[];
}

/** By the key of the finding about their owner. */
export type Mentions = ReadonlyMap<string, readonly Saying[]>;

/** Their node is the cause, or they are on their way out: what they last said tells of something else. */
const leftOut: ReadonlySet<TroubleKind> = new Set([
  'node-lost',
  'terminating',
  'evicted',
  'unscheduled',
]);
const podsAsked = 50;

const messagesOf = (pod: Pod, detail: string): string => {
  const said = new Set([detail]);
  for (const c of pod.containers) {
    if (c.kind === 'ephemeral' || (c.ready && c.state === 'running')) continue;
    said.add(c.message);
    if (c.last !== null) said.add(c.last.message);
  }
  said.delete('');
  return [...said].map((text) => text.slice(0, read)).join('\n');
};

const sayingsOf = ({ troubled }: Group): readonly Saying[] => {
  const heard = new Map<string, Saying>();
  let asked = 0;
  for (const { pod, trouble, counted } of troubled) {
    if (!counted || leftOut.has(trouble.kind)) continue;
    if (++asked > podsAsked) break;
    const text = messagesOf(pod, trouble.detail);
    if (text === '') continue;
    // On the network of its node a pod means the node when it says localhost.
    const key = `${pod.hostNetwork ? pod.node : ''}\n${text}`;
    const had = heard.get(key);
    heard.set(
      key,
      had === undefined ? { pod, pods: 1, places: placesIn(text) } : { ...had, pods: had.pods + 1 },
    );
  }
  return [...heard.values()];
};

/** What the pods that are not well say, by their owners; nothing for those that name no address. */
export const mentionsOf = ({ groups }: Census): Mentions => {
  const found = new Map<string, readonly Saying[]>();
  for (const group of groups.values()) {
    const sayings = sayingsOf(group);
    if (sayings.some((s) => s.places.length > 0)) found.set(topKey(group.top), sayings);
  }
  return found;
};
