import type { ActionDefinition } from './action.ts';
import { actions } from './index.ts';

/**
 * What may be done to a cluster, as data: the last line of the screen, help and command mode read it, so that a key
 * that is closed says so in the same words everywhere.
 */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** Names in command mode. */
  readonly aliases: readonly string[];
  /** Plural resource names it is about; empty: any object. */
  readonly resources: readonly string[];
  readonly availability: Availability;
  /** Stands on the last line where something it is about is under the cursor. */
  readonly shown: boolean;
  /**
   * A bounded command for a terminal beside this one; it may hold `{namespace}`, `{resource}`, `{name}` and facts of the
   * thing, e.g. `{url}`.
   */
  readonly elsewhere: string;
}

export type Availability =
  /** Guards decide, each time. */
  | { readonly kind: 'guarded'; readonly definition: ActionDefinition }
  /** Nothing opens it. */
  | { readonly kind: 'closed'; readonly why: string };

const guarded = (definition: ActionDefinition): Action => {
  const { id, title, keys, aliases, resources, shown, elsewhere } = definition;
  return {
    id,
    title,
    keys,
    aliases,
    resources,
    shown,
    elsewhere,
    availability: { kind: 'guarded', definition },
  };
};

const closed = (
  id: string,
  keys: readonly string[],
  aliases: readonly string[],
  resources: readonly string[],
  why: string,
  elsewhere: string,
): Action => ({
  id,
  title: id,
  keys,
  aliases,
  resources,
  shown: false,
  elsewhere,
  availability: { kind: 'closed', why },
});

const debugBeside = 'kubectl debug -n {namespace} {name} --profile=restricted -it --image=…';

/** What is not there and will not be, with the reason. */
const closedForGood: readonly Action[] = [
  closed(
    'exec',
    [],
    ['sh', 'rsh'],
    ['pods'],
    'closed for good: there is no exec in midwatch',
    debugBeside,
  ),
  closed(
    'attach',
    ['a'],
    [],
    ['pods'],
    'closed for good: what is typed would go to the process that serves; s starts a container beside it',
    debugBeside,
  ),
  closed(
    'edit',
    ['e'],
    [],
    [],
    'closed for good: what is edited in the cluster is lost at the next deployment',
    'change it in the repository it is deployed from',
  ),
  closed(
    'port-forward',
    ['F'],
    ['pf'],
    ['pods', 'services'],
    'closed for good: a tunnel outlives the eye that watches it',
    'kubectl port-forward -n {namespace} {resource}/{name} …',
  ),
  closed(
    'drain',
    ['r'],
    [],
    ['nodes'],
    'closed for good: it goes on for as long as pods do, and wants a terminal of its own; :cordon keeps new pods away',
    'kubectl drain {name} --ignore-daemonsets',
  ),
];

export const catalogue: readonly Action[] = [
  ...actions.filter((a) => a.own !== true).map(guarded),
  ...closedForGood,
];

/** Things that are no objects of the API server: what may be done to any object cannot be done to these. */
const notObjects: readonly string[] = ['etcd-members', 'alerts', 'silences'];

export const isAbout = ({ resources }: Pick<Action, 'resources'>, resource: string): boolean =>
  resources.length === 0 ? !notObjects.includes(resource) : resources.includes(resource);

/** The action of a key on a resource, if the key is one. */
export const actionFor = (key: string, resource: string): Action | null =>
  catalogue.find((a) => a.keys.includes(key) && isAbout(a, resource)) ?? null;

/** Actions that stand on the last line while such a thing is under the cursor. */
export const actionsShown = (resource: string): readonly Action[] =>
  catalogue.filter((a) => a.shown && isAbout(a, resource));

/** Where several go by a name, the one that is about what is under the cursor; '' is nothing. */
export const actionNamed = (word: string, resource = ''): Action | null => {
  const named = catalogue.filter((a) => a.id === word || a.aliases.includes(word));
  return named.find((a) => isAbout(a, resource)) ?? named[0] ?? null;
};

/** By its id, as intents and plans have it. */
export const definitionOf = (id: string): ActionDefinition | null =>
  actions.find((a) => a.id === id) ?? null;

/** Facts come from outside and end up in a shell: one that is not a plain word is left to the person. */
const harmless = /^[\w.:/[\]-]+$/;

interface Named {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The command for a terminal beside this one, filled in for one object. */
export const elsewhereText = (
  { elsewhere }: Pick<Action, 'elsewhere'>,
  object: Named | null,
  facts: Readonly<Record<string, string>> = {},
): string => {
  const known: ReadonlyMap<string, string> = new Map([
    ...(object === null ? [] : Object.entries(object)),
    ...Object.entries(facts),
  ]);
  return elsewhere
    .replace('-n {namespace} ', object?.namespace === '' ? '' : '-n {namespace} ')
    .replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = known.get(name);
      return value === undefined ? whole : harmless.test(value) ? value : '…';
    });
};

/** Why an action that is closed for good cannot be taken, and what can be done instead. */
export const refusal = (
  action: Action,
  object: Named | null,
  facts: Readonly<Record<string, string>> = {},
): string => {
  const { availability } = action;
  const why = availability.kind === 'closed' ? availability.why : 'it is not about this';
  return `${action.title}: ${why}. Elsewhere: ${elsewhereText(action, object, facts)}`;
};
