import type { AlertStream, StreamItem, StreamSource } from '../findings/alert-stream.ts';
import type { EtcdReport } from '../findings/etcd-report.ts';
import type { Standing } from '../findings/finding.ts';
import { isUnexplained } from '../findings/unexplained.ts';
import type { EtcdState } from '../probes/etcd.ts';
import { memberName } from '../probes/etcd-member.ts';

/** ISO 8601 in UTC; null where the facts do not say. */
export type Stamp = string | null;

export const stamp = (at: number | null): Stamp =>
  at === null || at <= 0 ? null : new Date(at).toISOString();

type Tone = Standing['tone'];

/** One etcd cluster, for programs. */
export interface EtcdSummary {
  readonly name: string;
  /** It is the one that the API server keeps its objects in. */
  readonly own: boolean;
  readonly tone: Tone;
  readonly verdict: string;
  readonly voters: number;
  readonly working: number;
  readonly quorum: number;
  readonly margin: number;
  readonly leader: string | null;
  readonly term: number | null;
  readonly heard: Stamp;
  /** Key of its finding, also when there is none now. */
  readonly finding: string;
  readonly members: readonly {
    readonly name: string;
    readonly tone: Tone;
    readonly words: string;
    readonly role: EtcdReport['members'][number]['role'];
    readonly version: string | null;
    /** Share of the quota that its file takes; null when not known. */
    readonly used: number | null;
    readonly alarms: readonly string[];
    readonly heard: Stamp;
  }[];
  readonly reasons: readonly {
    readonly key: string;
    readonly tone: 'bad' | 'warn';
    readonly text: string;
    readonly since: Stamp;
  }[];
  readonly disagreements: readonly string[];
}

const thousandths = (share: number | null): number | null =>
  share === null ? null : Math.round(share * 1000) / 1000;

export const etcdSummary = (r: EtcdReport): EtcdSummary => ({
  name: r.name,
  own: r.own,
  tone: r.tone,
  verdict: r.verdict,
  voters: r.voters,
  working: r.working,
  quorum: r.quorum,
  margin: r.margin,
  leader: r.leader || null,
  term: r.term,
  heard: stamp(r.heard),
  finding: r.finding,
  members: r.members.map((m) => ({
    name: memberName(m.state),
    tone: m.tone,
    words: m.words,
    role: m.role,
    version: m.state.status?.version || null,
    used: thousandths(m.used),
    alarms: m.alarms,
    heard: stamp(m.heard),
  })),
  reasons: r.reasons.map(({ key, tone, text, since }) => ({
    key,
    tone,
    text,
    since: stamp(since),
  })),
  disagreements: r.disagreements,
});

/** One alert, for programs. */
export interface AlertSummary {
  readonly key: string;
  readonly name: string;
  readonly severity: StreamItem['severity'];
  readonly state: StreamItem['state'];
  readonly subject: string;
  readonly summary: string;
  readonly since: Stamp;
  /** Only sources that are not heard now tell it. */
  readonly stale: boolean;
  readonly acknowledged: { readonly by: string; readonly at: Stamp; readonly note: string } | null;
  /** Key of the finding about the same thing; null when nothing explains it. */
  readonly finding: string | null;
}

export interface AlertsSummary {
  readonly counts: AlertStream['counts'];
  readonly watchdog: { readonly tone: Tone; readonly text: string; readonly heard: Stamp };
  readonly sources: readonly (Pick<StreamSource, 'name' | 'kind' | 'version' | 'tone' | 'text'> & {
    readonly heard: Stamp;
  })[];
  readonly items: readonly AlertSummary[];
  /** How many more there are. */
  readonly left: number;
}

/** A storm of alerts is told by its worst; the rest is counted. */
export const alertsToldMost = 1000;

const alertSummary = (item: StreamItem): AlertSummary => {
  const { key, name, severity, state, subject, summary, since, stale, finding } = item;
  const by = item.acknowledged;
  const acknowledged = by === null ? null : { by: by.by, at: stamp(by.at), note: by.note };
  const told = { key, name, severity, state, subject, summary, since: stamp(since), stale };
  return { ...told, acknowledged, finding };
};

export const alertsSummary = ({ items, sources, watchdog, counts }: AlertStream): AlertsSummary => {
  const told = items.filter((i) => i.kind !== 'event' && i.state !== 'resolved');
  return {
    counts,
    watchdog: { ...watchdog, heard: stamp(watchdog.heard) },
    sources: sources.map(({ name, kind, version, tone, text, heard }) => ({
      name,
      kind,
      version,
      tone,
      text,
      heard: stamp(heard),
    })),
    items: told.slice(0, alertsToldMost).map(alertSummary),
    left: Math.max(0, told.length - alertsToldMost),
  };
};

/** Alerts that are a problem by themselves: nothing else explains them, and nobody takes care of them yet. */
export const openAlerts = ({ items }: AlertStream): readonly StreamItem[] =>
  items.filter((i) => isUnexplained(i) && i.acknowledged === null);

/** Every member that can be asked has answered, or has been found not to. */
export const everyMemberAsked = (state: EtcdState): boolean =>
  [...state.values()].every(({ members }) =>
    [...members.values()].every(
      ({ info, answeredAt, down, metricsAt }) =>
        answeredAt !== null || down !== null || metricsAt !== null || info.clientUrls.length === 0,
    ),
  );
