import type { Failure } from './failure.ts';
import type { Bytes, EpochMs, Milliseconds } from './units.ts';

/** What is asked of an action before it can be planned, by the name of the input: `{ replicas: '3' }`. */
export type ActArgs = Readonly<Record<string, string>>;

/** What an action is about. */
export type ActSubject =
  | {
      readonly kind: 'object';
      /** Plural resource name, with the group where it is not a built-in kind. */
      readonly resource: string;
      /** '' for what has no namespace. */
      readonly namespace: string;
      readonly name: string;
      /** Of the object that was looked at; null where it is not known. */
      readonly uid: string | null;
    }
  /** One member of an etcd cluster by the key under which it is watched, or the cluster: then `member` is ''. */
  | { readonly kind: 'etcd'; readonly cluster: string; readonly member: string }
  /** Alerts, by the cluster of Alertmanagers that is told; '' is all of them. */
  | { readonly kind: 'alerts'; readonly cluster: string };

/** Where a wish came from. All of them go through the same door. */
export type ActOrigin = 'screen' | 'command' | 'runbook';

/** What somebody wants, before it is known what that would send. */
export interface Intent {
  /** Id in the catalogue. */
  readonly action: string;
  readonly subject: ActSubject;
  readonly args: ActArgs;
  readonly origin: ActOrigin;
  /** Run of a runbook and task in it, where a step asked for it. */
  readonly step?: { readonly run: string; readonly task: string };
}

/** Which pods and containers logs are read of. */
export interface LogTarget {
  readonly namespace: string;
  /** By name or by label selector; a selector is followed while pods come and go. */
  readonly pods:
    | { readonly kind: 'named'; readonly names: readonly string[] }
    | { readonly kind: 'selected'; readonly selector: string };
  /** Null is all of them, init and ephemeral ones included. */
  readonly containers: readonly string[] | null;
}

/** How much of logs is read. There is no way to write down a question without bounds. */
export interface LogBounds {
  readonly since:
    | { readonly kind: 'age'; readonly age: Milliseconds }
    | { readonly kind: 'time'; readonly at: EpochMs }
    /** The newest lines whenever they were; `tail` bounds it. Only where the policy allows it. */
    | { readonly kind: 'newest' };
  /** Lines per container at most; null: as many as the bytes allow. */
  readonly tail: number | null;
  /** Per container, at most. */
  readonly limitBytes: Bytes;
  /** The instance before the last restart. */
  readonly previous: boolean;
  /** How long new lines are waited for; null: what is there and no more. */
  readonly lease: Milliseconds | null;
  /** Open requests at once, at most. */
  readonly streams: number;
}

/**
 * Everything that an action may send. A closed union without any request that runs a command in a container: whoever
 * carries out a plan can be asked for nothing else.
 */
export type EffectRequest =
  | {
      readonly kind: 'kubernetes';
      readonly method: 'POST' | 'PATCH' | 'DELETE';
      /** With query. */
      readonly path: string;
      /** Media type of the body; '' without one. */
      readonly contentType: string;
      /** JSON text; '' without one. */
      readonly body: string;
    }
  | { readonly kind: 'logs'; readonly target: LogTarget; readonly bounds: LogBounds }
  /** The same question to a Loki. */
  | {
      readonly kind: 'loki';
      readonly source: string;
      readonly query: string;
      readonly from: EpochMs;
      readonly to: EpochMs;
      readonly lines: number;
    }
  /** Joins the terminal of a container's own process. */
  | {
      readonly kind: 'attach';
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly tty: boolean;
    }
  | {
      readonly kind: 'etcd';
      readonly cluster: string;
      /** Client URL of the member that is asked. */
      readonly endpoint: string;
      /** Of the gateway: `/v3/maintenance/defragment` */
      readonly path: string;
      /** JSON text. */
      readonly body: string;
    }
  /** The backend of a member, into a new file of ours; `path` is absolute. */
  | {
      readonly kind: 'etcd-snapshot';
      readonly cluster: string;
      readonly endpoint: string;
      readonly path: string;
    }
  | {
      readonly kind: 'alertmanager';
      readonly cluster: string;
      /** Any one of these will do. */
      readonly sources: readonly string[];
      readonly method: 'POST' | 'DELETE';
      readonly path: string;
      /** JSON text; '' without one. */
      readonly body: string;
    };

/** What carrying it out does to the outside. `session`: a person types into something that runs there. */
export type ActEffect = 'read' | 'write' | 'session';

/** A right that is needed. `name` narrows it to one object; '' is any. */
export interface ActRight {
  readonly verb: string;
  readonly group: string;
  /** `pods/log` for a sub-resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export const rightText = ({ verb, group, resource, namespace, name }: ActRight): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` ${name}`}${namespace === '' ? '' : ` in ${namespace}`}`;

/** What would be done, whole and exact. Data: it can be shown, judged, agreed to, and kept. */
export interface ActPlan {
  readonly action: string;
  /** For people: `scale deployment payments/gateway from 3 to 5` */
  readonly title: string;
  readonly effect: ActEffect;
  /** Context of the kubeconfig, so that who agrees to a plan agrees to it on this cluster. */
  readonly context: string;
  readonly subject: ActSubject;
  /** What a person types to agree to it: the name of the subject. */
  readonly typed: string;
  readonly args: ActArgs;
  /** In the order in which they are sent; what does not stand here cannot be sent. */
  readonly requests: readonly EffectRequest[];
  readonly rights: readonly ActRight[];
  /** What to know before agreeing: what is permanent, what it hides, how many pods are behind it. Sentences. */
  readonly dangers: readonly string[];
  /** Why it must not be done, as far as the world tells already; [] when nothing speaks against it. */
  readonly refusals: readonly string[];
  readonly bounds: { readonly time: Milliseconds; readonly bytes: Bytes };
  /** Numbers that guards weigh. */
  readonly weight: ActWeight;
  /** SHA-256, hexadecimal, of everything that would be sent, where, and about what. */
  readonly digest: string;
}

/** How much stands behind what is touched. Null: it does not apply, or is not known, and `unknown` says so. */
export interface ActWeight {
  /** Pods that are gone or restarted by it. */
  readonly pods: number | null;
  /** Disruptions that the budgets over these pods allow now; null where there is no budget. */
  readonly disruptionsAllowed: number | null;
  /**
   * Members of the etcd cluster that may still be lost before it cannot write; `untouched` where none is taken away even
   * for a moment.
   */
  readonly quorumMargin: number | 'untouched' | null;
  /** Images that it starts. */
  readonly images: readonly string[];
  /** What could not be found out; each is a reason to refuse what changes something. */
  readonly unknown: readonly string[];
}

export const noWeight: ActWeight = {
  pods: null,
  disruptionsAllowed: null,
  quorumMargin: null,
  images: [],
  unknown: [],
};

/** One guard's opinion of a plan. */
export type Judgement =
  /** It is not about such plans. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'allow'; readonly why: string }
  /** A person has to agree, in the way that is asked for. */
  | { readonly kind: 'ask'; readonly why: string; readonly challenge: Challenge }
  | {
      readonly kind: 'deny';
      readonly why: string;
      /** The next thing to try, as an instruction; '' when there is none. */
      readonly hint: string;
      /** What can open it: nothing, or breaking the glass. */
      readonly opens: 'never' | 'break-glass';
    };

/** How a person agrees. Enter alone is never enough for what changes something. */
export type Challenge =
  /** A key that means yes. */
  | { readonly kind: 'key' }
  /** Words that say why, of at least this many characters. */
  | { readonly kind: 'reason'; readonly least: number }
  /** The name of the subject, typed. */
  | { readonly kind: 'name' }
  /** A code that another person has made of the plan's digest. */
  | { readonly kind: 'second-person' };

export interface GuardReason {
  readonly guard: string;
  readonly judgement: Exclude<Judgement, { kind: 'silent' }>;
}

/** What all guards together say. */
export interface Verdict {
  readonly outcome: 'allow' | 'ask' | 'deny';
  /** Of every guard that had something to say; denials first. */
  readonly reasons: readonly GuardReason[];
  /** All of what is asked for when the outcome is `ask`. */
  readonly challenges: readonly Challenge[];
  /** Denied only by what breaking the glass opens. */
  readonly breakable: boolean;
}

/** How it ended. `unknown`: it was sent, and nobody knows what came of it. */
export type ActResult =
  | { readonly kind: 'done'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly bytes: number }
  | { readonly kind: 'unknown'; readonly why: string; readonly bytes: number };
