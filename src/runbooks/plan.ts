import type { PlainText } from '../kernel/text.ts';
import type { Milliseconds } from '../kernel/units.ts';
import type { Template } from './parameter.ts';

/** What can be asked of etcd, and what can be done to it. */
export const etcdCalls = [
  'status',
  'members',
  'alarms',
  'health',
  'hash',
  'compact',
  'defrag',
  'disarm',
  'move-leader',
  'snapshot',
] as const;
export type EtcdCall = (typeof etcdCalls)[number];

/** Verbs of kubectl that read; there is no plan for the others. */
export const readVerbs = [
  'get',
  'describe',
  'top',
  'events',
  'explain',
  'version',
  'cluster-info',
  'api-resources',
  'api-versions',
  'rollout status',
  'rollout history',
  'auth can-i',
  'auth whoami',
] as const;
export type ReadVerb = (typeof readVerbs)[number];

/** Objects that a plan is about. */
export interface Subject {
  /** As written: `pod`, `deploy`, `pods`; `all` where nothing is named. */
  readonly resource: string;
  /** [] is all of them. */
  readonly names: readonly Template[];
  /** Null: the namespace that is looked at. */
  readonly namespace: Template | null;
  readonly allNamespaces: boolean;
  /** A label selector; null when there is none. */
  readonly selector: Template | null;
}

/** A condition on the world that is waited for. */
export type Condition =
  /** Objects of a kind have a condition, e.g. `pod/x` is Ready. */
  | {
      readonly kind: 'object';
      readonly subject: Subject;
      /** `Ready`, `Available`; lower case is compared. */
      readonly condition: string;
      readonly status: boolean;
    }
  | { readonly kind: 'gone'; readonly subject: Subject }
  /** An alert is not firing any more; null is the one that led here. */
  | { readonly kind: 'resolved'; readonly alert: Template | null }
  /** Nothing is found broken any more under this key; null is what explains the alert that led here. */
  | { readonly kind: 'healed'; readonly finding: Template | null }
  /** A majority of the members of an etcd cluster takes part; null is each cluster that is watched. */
  | { readonly kind: 'quorum'; readonly cluster: Template | null }
  /** A query brings what is asked for. */
  | {
      readonly kind: 'query';
      readonly promql: Template;
      readonly is: '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly value: number;
    };

/**
 * What a task does, as structured data. Nothing in it is a command line: who carries it out builds a request of it, and
 * puts parameters in by the rules of that request.
 */
/** `--sort-by` and `--containers` of `kubectl top`. */
export interface UsageShape {
  readonly by: 'cpu' | 'memory';
  readonly containers: boolean;
}

export type Plan =
  | {
      readonly kind: 'logs';
      readonly subject: Subject;
      /** Null: the only one, or all. */
      readonly container: Template | null;
      readonly previous: boolean;
      /** How far back; always bounded. */
      readonly since: Milliseconds;
      /** Lines at most. */
      readonly tail: number;
      /** Whether the runbook bounds the time itself; else it is the default. */
      readonly bounded: boolean;
      /** What to look for in the lines, as it is written; '' when nothing is told. */
      readonly filter: PlainText;
    }
  | {
      readonly kind: 'debug';
      /** `pod` or `node`. */
      readonly subject: Subject;
      /** Container whose processes are looked at; null when not told. */
      readonly target: Template | null;
      /** '' is the configured image. */
      readonly image: string;
      /** What the runbook wants to see in it, one word a piece; [] is a prompt. Typed by the person. */
      readonly look: readonly Template[];
    }
  | {
      readonly kind: 'etcd';
      readonly call: EtcdCall;
      /** Endpoint or pod of the member; null is each member, one after the other. */
      readonly member: Template | null;
      /** Of `compact`: up to which revision; of `move-leader`: to whom. */
      readonly argument: Template | null;
    }
  | {
      readonly kind: 'query';
      readonly promql: Template;
      /** A range that ends now; null is the present moment. */
      readonly over: Milliseconds | null;
    }
  /** GET; http and https only. */
  | { readonly kind: 'http'; readonly url: Template }
  | {
      readonly kind: 'kubectl';
      readonly verb: ReadVerb;
      readonly subject: Subject;
      readonly fieldSelector: Template | null;
      /** `wide`, `yaml`, `json`; '' is the table. */
      readonly output: string;
      /** How `top` orders and splits what is used; other verbs have an order of their own. */
      readonly usage: UsageShape;
      /** Where the words go on in a way that is not modelled, e.g. of `auth can-i`. */
      readonly rest: readonly Template[];
    }
  | { readonly kind: 'watch'; readonly until: Condition; readonly within: Milliseconds }
  /** Done by a person elsewhere, and ticked off. `copy`: the lines to copy, as they are written; [] when there are none. */
  | { readonly kind: 'manual'; readonly copy: readonly PlainText[] }
  | { readonly kind: 'checklist'; readonly items: readonly PlainText[] }
  | { readonly kind: 'choice'; readonly question: PlainText }
  /** Never run: shown, with the reason, and with what does the same safely. */
  | {
      readonly kind: 'refused';
      readonly why: PlainText;
      readonly instead: Plan | null;
      /** In words, when there is no plan for it; '' when there is nothing to say. */
      readonly hint: PlainText;
    };

export type PlanKind = Plan['kind'];
