import type { EpochMs } from '../kernel/units.ts';
import type { EtcdMemberState } from '../probes/etcd.ts';
import type { Proof, Standing } from './finding.ts';

export type ReportTone = Standing['tone'];

/** One member, judged against the others. */
export interface EtcdMemberReport {
  readonly key: string;
  readonly tone: ReportTone;
  /** In words: `healthy`, `healthy, no leader`, `lost its data`, `unreachable: connection refused`. */
  readonly words: string;
  readonly role: 'leader' | 'follower' | 'learner' | 'unstarted' | 'unknown';
  /** Entries behind the member that is furthest; null when not known. */
  readonly indexLag: number | null;
  /** Entries that it has and has not applied; null when not known. */
  readonly appliedLag: number | null;
  /** Bytes; null when not known. */
  readonly quota: number | null;
  /** Share of the quota that the file takes, 0..; null when not known. */
  readonly used: number | null;
  /** Share of the file that is free inside, 0..1; null when not known. */
  readonly fragmentation: number | null;
  readonly alarms: readonly string[];
  readonly heard: EpochMs | null;
  readonly state: EtcdMemberState;
}

/** One thing to know about a cluster, e.g. why it cannot write. */
export interface EtcdReason {
  /** Stable while it lasts, e.g. `quorum`, `lost-data/etcd-1`. */
  readonly key: string;
  readonly tone: 'bad' | 'warn';
  readonly text: string;
  readonly since: EpochMs;
  readonly proof: readonly Proof[];
}

/** What others than the members say of the same cluster. */
export interface EtcdOutsideView {
  readonly by: 'readyz' | 'endpoints' | 'static pods';
  readonly tone: ReportTone;
  readonly text: string;
}

/** One etcd cluster: can it write, how much more can it lose, and why. */
export interface EtcdReport {
  readonly name: string;
  readonly tone: ReportTone;
  /** `quorum lost: 1 of 3 members, writes stopped` */
  readonly verdict: string;
  readonly voters: number;
  /** Voters that take part. */
  readonly working: number;
  readonly quorum: number;
  /** Members that may still be lost before writes stop; negative when they have. */
  readonly margin: number;
  /** `one more loss stops writes` */
  readonly marginText: string;
  /** Name of the leader; '' when there is none or none is known. */
  readonly leader: string;
  readonly term: number | null;
  readonly members: readonly EtcdMemberReport[];
  /** Worst first. */
  readonly reasons: readonly EtcdReason[];
  readonly outside: readonly EtcdOutsideView[];
  /** Where the members and the others say different things. */
  readonly disagreements: readonly string[];
  /** It is the etcd that the API server keeps its objects in: what readyz says is about it. */
  readonly own: boolean;
  /** Why none of its members can be asked by us; missing where one can. */
  readonly barred?: string;
  /** When any member was last heard; null when none ever was. */
  readonly heard: EpochMs | null;
  /** Key of its finding in `health`, also when there is none now. */
  readonly finding: string;
}
