import { absurd } from '../kernel/absurd.ts';
import type { AlertStream, StreamItem } from './alert-stream.ts';
import type { Finding } from './finding.ts';

/** What somebody wants to know the alerts of. */
export type About =
  | ({ readonly kind: 'object' } & NonNullable<Finding['object']>)
  | { readonly kind: 'finding'; readonly key: string }
  | { readonly kind: 'member'; readonly cluster: string; readonly member: string };

/** How `StreamItem.about` names an object: `pods/payments/gateway-7d9f`, `nodes//worker-7`. */
export const aboutKey = (object: NonNullable<Finding['object']>): string =>
  `${object.resource}/${object.namespace}/${object.name}`;

/** The object that such a key names. */
export const aboutObject = (key: string): NonNullable<Finding['object']> => {
  const [resource = '', namespace = '', ...name] = key.split('/');
  return { resource, namespace, name: name.join('/') };
};

type Index = ReadonlyMap<string, readonly StreamItem[]>;
const indexes = new WeakMap<AlertStream['items'], Index>();

/** One pass over the items of a stream; views ask again with every frame. */
const indexOf = ({ items }: AlertStream): Index => {
  const had = indexes.get(items);
  if (had !== undefined) return had;
  const index = new Map<string, StreamItem[]>();
  const put = (key: string, item: StreamItem) => {
    const list = index.get(key);
    if (list === undefined) index.set(key, [item]);
    else list.push(item);
  };
  for (const item of items) {
    for (const key of item.about) put(`object ${key}`, item);
    if (item.finding !== null) put(`finding ${item.finding}`, item);
    if (item.member !== null) put(`member ${item.member.cluster}/${item.member.member}`, item);
  }
  indexes.set(items, index);
  return index;
};

const none: readonly StreamItem[] = [];

const placeOf = (about: About): string => {
  switch (about.kind) {
    case 'object':
      return `object ${aboutKey(about)}`;
    case 'finding':
      return `finding ${about.key}`;
    case 'member':
      return `member ${about.cluster}/${about.member}`;
    default:
      return absurd(about);
  }
};

/** Items of the stream about an object or what it owns, about what a finding is about, or about an etcd member; ranked. */
export const alertsAbout = (stream: AlertStream, about: About): readonly StreamItem[] =>
  indexOf(stream).get(placeOf(about)) ?? none;
