import type { Acknowledgement } from '../kernel/acknowledgement.ts';
import type { Labels, Silence } from '../kernel/alert-fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { Finding, Proof } from './finding.ts';

export type Severity = 'critical' | 'warning' | 'info' | 'none';

/** What one source says of an alert. */
export interface Saying {
  readonly source: string;
  readonly state: 'firing' | 'suppressed' | 'unprocessed' | 'pending' | 'resolved' | 'silent';
  /** False when the source is not heard now: then it is what it said last. */
  readonly fresh: boolean;
  /** When it was heard last, where it is not heard now. Of one that is, the sources of the stream tell: null, or as of then. */
  readonly heard: EpochMs | null;
  /** Since when it says so, as far as we saw it; null when that is not known. Of one that is `silent`: until when it told it, or null. */
  readonly since: EpochMs | null;
}

/** Why an alert is told to nobody. */
export type Suppression =
  | {
      readonly kind: 'silence';
      readonly source: string;
      readonly id: string;
      readonly silence: Silence | null;
    }
  | {
      readonly kind: 'inhibition';
      readonly source: string;
      readonly by: string;
      readonly name: string;
    }
  | { readonly kind: 'mute'; readonly source: string; readonly interval: string };

/** One line of the stream: an alert with what all sources say, a warning event of the cluster, or a word of our own. */
export interface StreamItem {
  /** The fingerprint; for the others the key of their finding. */
  readonly key: string;
  readonly kind: 'alert' | 'event' | 'own';
  /** `KubePodCrashLooping` */
  readonly name: string;
  readonly severity: Severity;
  readonly state: 'firing' | 'pending' | 'suppressed' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The sentence to show: summary, else description, else message; '' when there is none. */
  readonly summary: string;
  /** What it is about: `payments/payment-gateway`, `node worker-7`, `etcd-1`; '' when no label says. */
  readonly subject: string;
  /** What opens; null when it is not in the world. */
  readonly object: Finding['object'];
  /** Member of an etcd cluster that it is about. */
  readonly member: { readonly cluster: string; readonly member: string } | null;
  /** Keys (`aboutKey`) of the objects in the world that it is about: `object`, then what owns it. */
  readonly about: readonly string[];
  /** Key of the finding that is about the same thing; null when there is none. */
  readonly finding: string | null;
  /** When it began; 0 when that is not known, as of some words of our own. */
  readonly since: EpochMs;
  readonly resolvedAt: EpochMs | null;
  readonly says: readonly Saying[];
  /** Where sources of one cluster say different things, in words; '' when they agree. */
  readonly disagreement: string;
  /** What else to know, e.g. `silence by ana ends in 10m`; '' mostly. */
  readonly note: string;
  /** Only sources that are not heard now tell it. */
  readonly stale: boolean;
  readonly suppressedBy: readonly Suppression[];
  /** Times it began again within the last hour. */
  readonly flaps: number;
  readonly acknowledged: Acknowledgement | null;
  /** Severity times blast radius; higher comes first. */
  readonly weight: number;
  readonly group: string;
  readonly receivers: readonly string[];
  readonly generatorUrl: string;
  readonly proof: readonly Proof[];
}

/** A source, and how far it can be trusted. */
export interface StreamSource {
  readonly name: string;
  readonly kind: 'alertmanager' | 'webhook' | 'prometheus';
  readonly where: string;
  readonly version: string;
  /** Sources with the same word here gossip, and are one Alertmanager; its own name when it is alone. */
  readonly cluster: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'stale' | 'unknown';
  /** `12 alerts`, `unreachable: connection refused`, `settling`. */
  readonly text: string;
  readonly heard: EpochMs | null;
}

export interface StreamGroup {
  /** As the source groups them: `{alertname="X", namespace="y"}`; `=X` where none does and the name does; '' for all else. */
  readonly key: string;
  /**
   * What all of them are about: the subject of the only one, the workload that they share, or what is broken, where all
   * of them tell of the same; '' when they differ.
   */
  readonly subject: string;
  readonly items: readonly StreamItem[];
}

/** Whether the alert that always fires arrives: the only proof that alerts reach anybody. */
export interface WatchdogState {
  /** `unknown`: there is no Alertmanager to have it. `stale`: seen, and its source is not heard now. */
  readonly tone: 'good' | 'warn' | 'bad' | 'stale' | 'unknown';
  /** `Watchdog seen through am-0 and am-1`; '' when unknown. */
  readonly text: string;
  readonly heard: EpochMs | null;
}

export interface AlertStream {
  /** Ranked: firing by weight, then our own words, pending, events, suppressed, resolved. */
  readonly items: readonly StreamItem[];
  /** In the order of the best placed of each. */
  readonly groups: readonly StreamGroup[];
  readonly sources: readonly StreamSource[];
  readonly watchdog: WatchdogState;
  readonly counts: {
    /**
     * Firing and told to somebody, by severity; acknowledged and stale ones and our own words included, events not.
     */
    readonly critical: number;
    readonly warning: number;
    readonly info: number;
    readonly pending: number;
    readonly suppressed: number;
    readonly resolved: number;
    readonly acknowledged: number;
    readonly stale: number;
  };
}

export const emptyStream: AlertStream = {
  items: [],
  groups: [],
  sources: [],
  watchdog: { tone: 'unknown', text: '', heard: null },
  counts: {
    critical: 0,
    warning: 0,
    info: 0,
    pending: 0,
    suppressed: 0,
    resolved: 0,
    acknowledged: 0,
    stale: 0,
  },
};
