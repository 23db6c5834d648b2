import { absurd } from '../kernel/absurd.ts';
import { closest } from '../kernel/spelling.ts';
import { parseSelector } from './parts/label-selector.ts';

/** What a typed command asks for. */
export type Parsed =
  | {
      readonly kind: 'resource';
      /** `pods`, `certificates.cert-manager.io` */
      readonly resource: string;
      /** '' for all; absent when it was not said. */
      readonly namespace?: string;
      readonly filter?: string;
      readonly labels?: string;
      readonly context?: string;
    }
  | { readonly kind: 'view'; readonly id: string }
  /** '' for all. */
  | { readonly kind: 'namespace'; readonly name: string }
  /** Without a name: show what there is. */
  | { readonly kind: 'context'; readonly name?: string }
  | { readonly kind: 'theme'; readonly name: string }
  | { readonly kind: 'action'; readonly id: string; readonly rest: string }
  | { readonly kind: 'quit' }
  | { readonly kind: 'help' }
  | Unknown;

export interface Unknown {
  readonly kind: 'unknown';
  readonly text: string;
  /** A whole command that may have been meant. */
  readonly suggestion: string | null;
  /** In words: what is wrong with it. */
  readonly why: string;
}

export interface KnownResource {
  readonly resource: string;
  readonly namespaced: boolean;
  /** All names it goes by, the plural first, lower case. */
  readonly names: readonly string[];
}

/** All that can be named in a command, gathered by whoever asks. */
export interface Known {
  readonly resources: readonly KnownResource[];
  readonly namespaces: readonly string[];
  readonly contexts: readonly string[];
  readonly views: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  readonly actions: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  readonly themes: readonly string[];
}

const quitWords = ['q', 'q!', 'quit', 'exit', 'qa'];
const helpWords = ['help', 'h', '?'];
const namespaceWords = ['ns', 'namespace', 'namespaces'];
const contextWords = ['ctx', 'context', 'contexts', 'use-context'];
const themeWords = ['theme', 'skin'];
const everywhereWords = ['all', '-', '*', '-A', '--all-namespaces'];

/** Indexed once per set of names: a cluster may serve a thousand resources. */
const indexes = new WeakMap<readonly KnownResource[], ReadonlyMap<string, KnownResource>>();

const indexOf = (resources: readonly KnownResource[]): ReadonlyMap<string, KnownResource> => {
  const known = indexes.get(resources);
  if (known !== undefined) return known;
  const index = new Map<string, KnownResource>();
  // Whoever comes first keeps a name: built-in kinds stand before others, preferred versions before old ones.
  for (const r of resources) for (const name of r.names) if (!index.has(name)) index.set(name, r);
  indexes.set(resources, index);
  return index;
};

export const resourceNamed = (name: string, known: Known): KnownResource | undefined =>
  indexOf(known.resources).get(name.toLowerCase());

const first = (text: string): readonly [string, string] => {
  const at = text.search(/\s/);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at).trim()];
};

const unknown = (text: string, why: string, suggestion: string | null = null): Unknown => ({
  kind: 'unknown',
  text,
  suggestion,
  why,
});

type Restrictions = Omit<Extract<Parsed, { kind: 'resource' }>, 'kind' | 'resource'>;

const isLabels = (word: string): boolean => /[=!<>]|\s(?:not)?in\s*\(/.test(word);

/** The rest of a resource command: `payments`, `/fred`, `app=fred,env in (a,b)`, `@ctx`, in any order. */
const restrictions = (rest: string): Restrictions | string => {
  let text = rest;
  let found: Restrictions = {};
  const context = /(?:^|\s)@(\S+)/.exec(text);
  if (context?.[1] !== undefined) {
    found = { ...found, context: context[1] };
    text = `${text.slice(0, context.index)} ${text.slice(context.index + context[0].length)}`;
  }
  const filter = /(?:^|\s)\/(.*)$/.exec(text);
  if (filter !== null) {
    found = { ...found, filter: (filter[1] ?? '').trim() };
    text = text.slice(0, filter.index);
  }
  const label = /(?:^|\s)-l\s+(\S.*)$/.exec(text);
  let labels = label?.[1]?.trim() ?? '';
  if (label !== null) text = text.slice(0, label.index);
  text = text.trim();
  const [word, more] = first(text);
  const namespaceFirst = text !== '' && !isLabels(word) && !/^(?:not)?in\s*\(/.test(more);
  if (namespaceFirst) found = { ...found, namespace: everywhereWords.includes(word) ? '' : word };
  const left = namespaceFirst ? more : text;
  if (left !== '') {
    if (labels !== '' || !isLabels(left)) return `what is '${left}'?`;
    const [selector, after] = trailing(left, found.namespace === undefined);
    labels = selector;
    if (after !== '') found = { ...found, namespace: everywhereWords.includes(after) ? '' : after };
  }
  if (labels === '') return found;
  const selector = parseSelector(labels);
  return selector.kind === 'invalid' ? selector.why : { ...found, labels };
};

/** `app=fred payments`: a namespace may also follow the labels. */
const trailing = (text: string, allowed: boolean): readonly [string, string] => {
  const at = text.lastIndexOf(' ');
  const last = at < 0 ? '' : text.slice(at + 1);
  const before = text.slice(0, Math.max(0, at)).trimEnd();
  return allowed && /^[a-z0-9*-]+$/.test(last) && !before.endsWith(',')
    ? [before, last]
    : [text, ''];
};

const onResource = (text: string, found: KnownResource, rest: string): Parsed => {
  const restricted = restrictions(rest);
  if (typeof restricted === 'string') return unknown(text, restricted, found.names[0] ?? null);
  if (!found.namespaced && restricted.namespace !== undefined && restricted.namespace !== '') {
    return unknown(text, `${found.names[0]} have no namespace`, found.names[0] ?? null);
  }
  return { kind: 'resource', resource: found.resource, ...restricted };
};

/** Every word that may begin a command. */
const words = (known: Known): readonly string[] => [
  ...known.views.flatMap((v) => [v.id, ...v.aliases]),
  ...indexOf(known.resources).keys(),
  ...known.actions.flatMap((a) => [a.id, ...a.aliases]),
  'ctx',
  'ns',
  'theme',
  'help',
  'quit',
];

/** What a command means, without doing it. The leading colon is optional. */
export const parseCommand = (typed: string, known: Known): Parsed => {
  const text = typed.trim().replace(/^:\s*/, '');
  const [head, rest] = first(text);
  const word = head.toLowerCase();
  if (word === '') return unknown(text, 'nothing was asked for');
  if (quitWords.includes(word)) return { kind: 'quit' };
  if (helpWords.includes(word)) return { kind: 'help' };
  if (contextWords.includes(word)) {
    return rest === '' ? { kind: 'context' } : { kind: 'context', name: rest.replace(/^@/, '') };
  }
  if (themeWords.includes(word)) {
    if (known.themes.includes(rest)) return { kind: 'theme', name: rest };
    const near = closest(rest, known.themes) ?? known.themes[0];
    return unknown(
      text,
      `themes are ${known.themes.join(', ')}`,
      near === undefined ? null : `theme ${near}`,
    );
  }
  if (namespaceWords.includes(word) && /^[^\s/@=!]+$/.test(rest)) {
    return { kind: 'namespace', name: everywhereWords.includes(rest) ? '' : rest };
  }
  const action = known.actions.find((a) => a.id === word || a.aliases.includes(word));
  const view = known.views.find((v) => v.id === word || v.aliases.includes(word));
  // Where a view and an action have one name, what is typed behind it is for the action.
  if (view !== undefined && (rest === '' || action === undefined)) {
    return rest === ''
      ? { kind: 'view', id: view.id }
      : unknown(text, `${word} takes nothing more`, word);
  }
  const resource = resourceNamed(word, known);
  if (resource !== undefined) return onResource(text, resource, rest);
  if (action !== undefined) return { kind: 'action', id: action.id, rest };
  const near = closest(word, words(known));
  return unknown(
    text,
    `nothing here is called '${word}'`,
    near === null ? null : rest === '' ? near : `${near} ${rest}`,
  );
};

/** More would not fit on a line anyway. */
const completionsKept = 50;

const starting = (options: Iterable<string>, start: string): readonly string[] => {
  const found = new Set<string>();
  for (const option of options) if (option.startsWith(start)) found.add(option);
  return [...found];
};

/** Shorter first, then by letter: `po` is meant more often than `poddisruptionbudgets`. */
const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

const firstWords = (start: string, known: Known): readonly string[] => {
  const plurals = starting(
    known.resources.map((r) => r.names[0] ?? r.resource),
    start,
  );
  const rest = starting(words(known), start).filter((w) => !plurals.includes(w));
  return [...[...plurals].sort(byLength), ...[...rest].sort(byLength)];
};

/** Namespaces, then contexts after `@`; what names neither is left alone. */
const lastWords = (before: string, start: string, known: Known): readonly string[] => {
  const [head, middle] = first(before.trim());
  const word = head.toLowerCase();
  if (contextWords.includes(word)) {
    return middle === '' ? starting([...known.contexts].sort(), start) : [];
  }
  if (themeWords.includes(word)) return middle === '' ? starting(known.themes, start) : [];
  const resource = resourceNamed(word, known);
  if (resource === undefined && !namespaceWords.includes(word)) return [];
  if (start.startsWith('@')) {
    return starting([...known.contexts].sort(), start.slice(1)).map((name) => `@${name}`);
  }
  const named = middle.split(/\s+/).some((w) => w !== '' && !w.startsWith('@'));
  const namespaced = namespaceWords.includes(word) || resource?.namespaced === true;
  if (!namespaced || named || /[/=!]/.test(start)) return [];
  return starting([...[...known.namespaces].sort(), 'all'], start);
};

/** Whole commands that begin with what was typed, the likeliest first; none when nothing fits. */
export const complete = (typed: string, known: Known): readonly string[] => {
  const at = typed.search(/\S+$/);
  const from = at < 0 ? typed.length : at;
  const before = typed.slice(0, from);
  const start = typed.slice(from);
  if (before.trim() === '') {
    if (start === '') return [];
    return firstWords(start.toLowerCase(), known)
      .slice(0, completionsKept)
      .map((w) => before + w);
  }
  return lastWords(before, start, known)
    .slice(0, completionsKept)
    .map((w) => before + w);
};

/** A parsed command in words, for messages and for the history. */
export const commandText = (parsed: Parsed): string => {
  switch (parsed.kind) {
    case 'resource':
      return [
        parsed.resource,
        parsed.namespace === '' ? 'all' : parsed.namespace,
        parsed.labels === undefined ? undefined : `-l ${parsed.labels}`,
        parsed.filter === undefined ? undefined : `/${parsed.filter}`,
        parsed.context === undefined ? undefined : `@${parsed.context}`,
      ]
        .filter((p) => p !== undefined)
        .join(' ');
    case 'view':
      return parsed.id;
    case 'namespace':
      return `ns ${parsed.name === '' ? 'all' : parsed.name}`;
    case 'context':
      return parsed.name === undefined ? 'ctx' : `ctx ${parsed.name}`;
    case 'theme':
      return `theme ${parsed.name}`;
    case 'action':
      return parsed.rest === '' ? parsed.id : `${parsed.id} ${parsed.rest}`;
    case 'quit':
    case 'help':
      return parsed.kind;
    case 'unknown':
      return parsed.text;
    default:
      return absurd(parsed);
  }
};
