import type { Change } from './probe.ts';
import { type EpochMs, type Milliseconds, seconds } from './units.ts';

/** What a change has in common with those that tell the same of another part of the same thing. */
export interface Alike {
  /** What it is part of: the workload of a pod, the service of a slice, the cluster of a member; '' for all nodes. */
  readonly of: string;
  /** What happened, in the words of the change without what differs from one to the next. */
  readonly words: string;
}

/** Changes that are alike and follow on each other within this long are one thing that happened. */
export const together: Milliseconds = seconds(30);

// What Kubernetes makes names with: no vowels, so that no word comes of it, and no digits that look like one.
const random = '[bcdfghjklmnpqrstvwxz2456789]';
const made = new RegExp(`(?:-${random}{6,10})?-${random}{5}$|-\\d{1,5}$`);

/** Longer names there are not; of what a recording claims to be one, no more is read. */
const longestName = 300;

/** Name of what a pod was made by, as far as its own name says: `web/shop` of `web/shop-6c9f7d4b8-zz7vd`. */
export const makerOf = (name: string): string => name.slice(0, longestName).replace(made, '');

const address = /^[\w.-]{1,253}:\d{1,5}$|^\[[\da-f:.]{2,45}\]/;

const spaceOf = (key: string): string => key.slice(0, key.indexOf('/') + 1);

/** The beginning up to the reason: `Running → Error` of `Running → Error: exit 1: no route`. */
const beginning = (text: string): string => {
  const colon = text.indexOf(': ');
  return (colon < 0 ? text : text.slice(0, colon)).slice(0, longestName);
};

const afterColon = (text: string): string => {
  const colon = text.indexOf(': ');
  return colon < 0 ? '' : text.slice(colon + 2);
};

/** Where in a change of each probe stands what it is about. */
const readings: Readonly<Record<string, (change: Change) => Alike>> = {
  // Of an address nobody knows what it is part of: the alert by its name is what they have in common.
  alerts: ({ text }) => {
    const about = afterColon(text);
    return { of: address.test(about) ? '' : makerOf(about), words: beginning(text) };
  },
  // `Pod shop-7d9f-x Unhealthy ×2: why`; its own name is a number.
  events: ({ key, text }) => {
    const [kind = '', name = '', what = ''] = text.slice(0, 2 * longestName).split(' ', 3);
    return {
      of: `${spaceOf(key)}${makerOf(name)}`,
      words: `${kind} ${what.replace(/:$/, '')}`,
    };
  },
  // `livez check etcd fails: why`: a server that begins to serve fails most of them.
  'control-plane': ({ key, text }) => {
    const said = beginning(text);
    const at = key === '' ? -1 : said.indexOf(` ${key} `);
    return at < 0
      ? { of: key, words: said }
      : { of: said.slice(0, at), words: said.slice(at + key.length + 2) };
  },
  endpointslices: ({ key, text }) => ({
    of: `${spaceOf(key)}${beginning(text)}`,
    words: afterColon(text),
  }),
  etcd: ({ key, text }) => {
    const [cluster = '', member = ''] = key.split('/', 2);
    const own = member !== '' && text.startsWith(member) ? text.slice(member.length) : text;
    return { of: cluster, words: beginning(own).trim() };
  },
  prometheus: ({ key, text }) => ({
    of: key.split('/', 1)[0] ?? '',
    words: beginning(text).replace(/^target \S+ /, 'target '),
  }),
  nodes: ({ text }) => ({ of: '', words: beginning(text) }),
  pods: ({ key, text }) => ({ of: makerOf(key), words: beginning(text) }),
};

const known = new WeakMap<Change, Alike>();

/** What a change is a part of, and what happened. Remembered by the change. */
export const alikeOf = (change: Change): Alike => {
  const had = known.get(change);
  if (had !== undefined) return had;
  const read = Object.hasOwn(readings, change.probe) ? readings[change.probe] : undefined;
  const found = read?.(change) ?? { of: change.key, words: beginning(change.text) };
  known.set(change, found);
  return found;
};

/** The same for changes that are alike, as far as time allows; marks are alike to nothing. */
export const alikeKey = (change: Change): string => {
  const { probe, tone, rev } = change;
  if (probe === '') return `mark ${rev}`;
  const { of, words } = alikeOf(change);
  return `${probe} ${tone} ${of}\n${words.replace(/\d+/g, '#')}`;
};

/** Changes that are one thing that happened, in the order in which they were given. At least one. */
export type AlikeGroup = readonly [Change, ...Change[]];

/**
 * Changes, each with those that are alike and follow on each other within half a minute, where the first of them
 * stands. Oldest or newest first, as they are given.
 */
export const groupAlike = (changes: Iterable<Change>): readonly AlikeGroup[] => {
  const groups: [Change, ...Change[]][] = [];
  const open = new Map<string, { readonly group: Change[]; at: EpochMs }>();
  for (const change of changes) {
    const key = alikeKey(change);
    const had = open.get(key);
    if (had !== undefined && Math.abs(change.at - had.at) <= together) {
      had.group.push(change);
      had.at = change.at;
      continue;
    }
    const group: [Change, ...Change[]] = [change];
    groups.push(group);
    open.set(key, { group, at: change.at });
  }
  return groups;
};
