import { globMatches } from '../kernel/glob.ts';
import type { Gathered } from './guard.ts';
import { type LogPolicy, type PolicyClass, productionClass, usualClass } from './policy.ts';
import type { OwnWindow } from './windows/own-window.ts';

export type Labels = Readonly<Record<string, string>>;

/** A class of the configuration: what it is about, and what it sets. */
export interface ClassRule {
  readonly name: string;
  /** With * as wildcard; [] is all. */
  readonly contexts: readonly string[];
  /** With * as wildcard; [] is all, and what has no namespace too. */
  readonly namespaces: readonly string[];
  /** Whether a namespace with such labels belongs to it; null where they do not matter. */
  readonly labels: ((labels: Labels) => boolean) | null;
  /** What it starts from; null: what the context is. */
  readonly base: 'usual' | 'production' | null;
  readonly sets: Partial<Omit<PolicyClass, 'name' | 'logs'>> & {
    readonly logs?: Partial<LogPolicy>;
  };
}

/** Another person who may agree. */
export interface Approver {
  readonly name: string;
  readonly publicKey: string;
}

export interface PolicySettings {
  /** The first that matches holds. */
  readonly classes: readonly ClassRule[];
  readonly windows: readonly OwnWindow[];
  readonly approvers: readonly Approver[];
}

export const noSettings: PolicySettings = { classes: [], windows: [], approvers: [] };

/** Where something is, as far as policies are about it. */
export interface PolicyPlace {
  readonly context: string;
  readonly production: boolean;
  /** '' for what has none: nodes, etcd. */
  readonly namespace: string;
  readonly labels: Gathered<Labels>;
}

const isAmong = (globs: readonly string[], name: string): boolean =>
  globs.length === 0 || globs.some((glob) => globMatches(glob, name));

/** `unknown`: it depends on labels that are not known. */
const matchOf = (rule: ClassRule, place: PolicyPlace): 'yes' | 'no' | 'unknown' => {
  if (!isAmong(rule.contexts, place.context)) return 'no';
  if (place.namespace === '') {
    return rule.namespaces.length === 0 && rule.labels === null ? 'yes' : 'no';
  }
  if (!isAmong(rule.namespaces, place.namespace)) return 'no';
  if (rule.labels === null) return 'yes';
  if (place.labels.kind === 'unknown') return 'unknown';
  return rule.labels(place.labels.value) ? 'yes' : 'no';
};

const baseOf = (rule: ClassRule | null, production: boolean): PolicyClass => {
  const base = rule?.base ?? (production ? 'production' : 'usual');
  return base === 'production' ? productionClass : usualClass;
};

/** The class of a rule, with what it does not set taken from where it starts. */
export const classOf = (rule: ClassRule, production: boolean): PolicyClass => {
  const base = baseOf(rule, production);
  return { ...base, ...rule.sets, name: rule.name, logs: { ...base.logs, ...rule.sets.logs } };
};

/** The class of the configuration that a place belongs to; null when it is of none, or that is not known. */
export const ruleFor = (settings: PolicySettings, place: PolicyPlace): ClassRule | null => {
  const first = settings.classes.find((rule) => matchOf(rule, place) !== 'no');
  return first !== undefined && matchOf(first, place) === 'yes' ? first : null;
};

/**
 * What holds at a place: the first class that matches, or what holds by itself. Where that depends on labels that are
 * not known, nothing is allowed.
 */
export const policyFor = (settings: PolicySettings, place: PolicyPlace): PolicyClass => {
  for (const rule of settings.classes) {
    const match = matchOf(rule, place);
    if (match === 'yes') return classOf(rule, place.production);
    if (match === 'unknown') {
      return {
        ...productionClass,
        name: `${rule.name}, perhaps: the labels of ${place.namespace} are not known`,
        deny: ['*'],
        allow: [],
      };
    }
  }
  return baseOf(null, place.production);
};
