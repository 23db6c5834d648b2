import type { Labels, Matcher } from '../kernel/alert-fact.ts';
import { matchersText, matches, parseMatchers } from '../kernel/matchers.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type EpochMs, epochMs, hours, type Milliseconds, seconds } from '../kernel/units.ts';

/** What somebody asks for. */
export interface SilenceWish {
  readonly matchers: readonly Matcher[];
  /** Null: at once. */
  readonly startsAt: EpochMs | null;
  readonly duration: Milliseconds;
  readonly author: string;
  readonly comment: string;
}

/** What is known of alerts and of those who send them: the part of an alert stream that counts here. */
export interface SilenceScene {
  readonly items: readonly SceneAlert[];
  readonly sources: readonly SceneSource[];
}
export interface SceneAlert {
  readonly key: string;
  readonly kind: 'alert' | 'event' | 'own';
  readonly name: string;
  readonly severity: string;
  readonly state: 'firing' | 'pending' | 'suppressed' | 'resolved';
  readonly subject: string;
  readonly labels: Labels;
}
export interface SceneSource {
  readonly name: string;
  readonly kind: 'alertmanager' | 'webhook' | 'prometheus';
  /** The same of those that gossip: what one of them is told all of them know. */
  readonly cluster: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'stale' | 'unknown';
}

/** The body that Alertmanager's API takes; `isEqual` and `isRegex` are said of every matcher. */
export interface SilenceBody {
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** One request, for one cluster of Alertmanagers. */
export interface SilenceRequest {
  readonly cluster: string;
  /** Any one of these will do; those that are heard now come first. */
  readonly sources: readonly string[];
  readonly method: 'POST';
  readonly path: '/api/v2/silences';
  readonly body: SilenceBody;
}

/** What would be sent, what it would do, and what speaks against it. Nothing here sends it. */
export interface SilencePlan {
  readonly requests: readonly SilenceRequest[];
  readonly hides: {
    /** Alerts that nobody would be told of, those that are silenced already among them. */
    readonly count: number;
    /** The first of them; at most `hidesListed`. */
    readonly listed: readonly SceneAlert[];
  };
  /** Why it must not be sent, all reasons at once; [] when it may. */
  readonly refusals: readonly string[];
  /** What to think of before it is sent. */
  readonly warnings: readonly string[];
  /** Of the requests: who agrees to a plan agrees to this one and no other. */
  readonly digest: string;
}

export const hidesListed = 100;

/** From here on a silence outlives whoever set it. */
const longFrom = hours(24);
const longest = hours(24 * 90);
/** Between the plan and the request somebody reads it. */
const pastAllowed = seconds(60);
const authorMost = 200;
const commentMost = 2000;

const equal = (name: string, value: string): Matcher => ({
  name,
  value,
  isRegex: false,
  isEqual: true,
});

/**
 * Matchers to begin with, sorted by name. `all`: every label of the alert, as Alertmanager's own page has it, so that it
 * hides this one only. `name`: what the alert is called and its namespace, so that it hides all of its kind there.
 */
export const silenceMatchers = (labels: Labels, breadth: 'all' | 'name'): readonly Matcher[] =>
  Object.keys(labels)
    .filter((name) => breadth === 'all' || name === 'alertname' || name === 'namespace')
    .sort()
    .map((name) => equal(name, labels[name] ?? ''));

const isOpen = (alert: SceneAlert): boolean => alert.kind === 'alert' && alert.state !== 'resolved';

const isHeard = ({ tone }: SceneSource): boolean => tone === 'good' || tone === 'warn';

const byName = (a: SceneSource, b: SceneSource): number => (a.name < b.name ? -1 : 1);

const clustersOf = (sources: readonly SceneSource[]): readonly (readonly SceneSource[])[] => [
  ...Map.groupBy(
    sources.filter((s) => s.kind === 'alertmanager').toSorted(byName),
    (s) => s.cluster,
  ).values(),
];

/** A pattern that cannot be read here may mean anything there. */
const isReadable = (m: Matcher): boolean => parseMatchers(matchersText([m])).ok;

const refusalsOf = (
  wish: SilenceWish,
  start: number,
  clusters: readonly unknown[],
  now: EpochMs,
): readonly string[] => {
  const { matchers, duration, author, comment } = wish;
  const unbound = matchers.length > 0 && matches(matchers, {});
  const unreadable = matchers.filter((m) => !isReadable(m)).map((m) => m.name);
  const nameless = matchers.some((m) => m.name === '');
  return [
    ...(matchers.length === 0 ? ['it has no matcher'] : []),
    ...(unbound ? ['it matches everything: no matcher asks for a label to be there'] : []),
    ...(nameless ? ['a matcher names no label'] : []),
    ...(unreadable.length > 0 ? [`no pattern: ${clipped(unreadable.join(', '))}`] : []),
    ...(duration > 0 ? [] : ['it ends before it begins']),
    ...(duration > longest ? ['it lasts longer than 90 days'] : []),
    ...(start < now - pastAllowed ? ['it begins in the past'] : []),
    ...(author.trim() === '' ? ['nobody is named who asks for it'] : []),
    ...(comment.trim() === '' ? ['it has no comment: nobody would know why'] : []),
    ...(author.length > authorMost ? [`the name is longer than ${authorMost} characters`] : []),
    ...(comment.length > commentMost
      ? [`the comment is longer than ${commentMost} characters`]
      : []),
    ...(clusters.length === 0 ? ['no Alertmanager is known that could keep it'] : []),
  ];
};

const clipped = (text: string): string => clip(plainText(text), 100);

const some = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const warningsOf = (
  { matchers, duration }: SilenceWish,
  hidden: readonly SceneAlert[],
  open: number,
  clusters: readonly (readonly SceneSource[])[],
): readonly string[] => {
  const critical = hidden.filter((a) => a.severity === 'critical').length;
  const others = new Set(hidden.map((a) => a.name)).size;
  const deaf = clusters.filter((c) => !c.some(isHeard)).map((c) => c[0]?.cluster ?? '');
  const watchdog = matchers.length > 0 && matches(matchers, { alertname: 'Watchdog' });
  return [
    ...(duration > longFrom
      ? ['it lasts longer than 24 hours: whoever is on call next hears nothing']
      : []),
    ...(hidden.length === 0 ? ['it hides nothing now'] : []),
    ...(open > 1 && hidden.length === open ? [`it hides all ${some(open, 'alert')}`] : []),
    ...(critical > 0 ? [`it hides ${some(critical, 'critical alert')}`] : []),
    ...(others > 1 ? [`it hides alerts of ${others} names`] : []),
    ...(watchdog
      ? ['it may hide the Watchdog: nobody would notice that alerts do not arrive']
      : []),
    ...deaf.map((name) => `${clipped(name)} is not heard now`),
  ];
};

const timeText = (at: number): string => new Date(at).toISOString();
/** Beyond it no date can be written. */
const lastTime = 8.64e15;
const inTime = (at: number): EpochMs =>
  epochMs(Number.isFinite(at) ? Math.min(lastTime, Math.max(0, at)) : 0);

/**
 * A silence, planned: pure data to be read, judged and agreed to. `digest` makes a short text of a long one; equal
 * requests have equal digests.
 */
export const planSilence = (
  wish: SilenceWish,
  scene: SilenceScene,
  now: EpochMs,
  digest: (text: string) => string,
): SilencePlan => {
  const start = inTime(wish.startsAt ?? now);
  const clusters = clustersOf(scene.sources);
  const open = scene.items.filter(isOpen);
  const hidden =
    wish.matchers.length === 0 ? [] : open.filter((a) => matches(wish.matchers, a.labels));
  const body: SilenceBody = {
    matchers: wish.matchers.map(({ name, value, isRegex, isEqual }) => ({
      name,
      value,
      isRegex,
      isEqual,
    })),
    startsAt: timeText(start),
    endsAt: timeText(inTime(start + wish.duration)),
    createdBy: wish.author.trim(),
    comment: wish.comment.trim(),
  };
  const requests = clusters.map((members): SilenceRequest => {
    const heard = members.filter(isHeard);
    const rest = members.filter((s) => !isHeard(s));
    return {
      cluster: members[0]?.cluster ?? '',
      sources: [...heard, ...rest].map((s) => s.name),
      method: 'POST',
      path: '/api/v2/silences',
      body,
    };
  });
  return {
    requests,
    hides: { count: hidden.length, listed: hidden.slice(0, hidesListed) },
    refusals: refusalsOf(wish, start, clusters, now),
    warnings: warningsOf(wish, hidden, open.length, clusters),
    digest: digest(requestsText(requests)),
  };
};

/**
 * Requests as one text: the same for the same requests. Which member of a cluster is heard at the moment is left out:
 * it does not change what is asked for.
 */
const requestsText = (requests: readonly SilenceRequest[]): string =>
  JSON.stringify(
    requests
      .map(({ cluster, method, path, body }) => [
        cluster,
        method,
        path,
        body.matchers.map((m) => [m.name, m.value, m.isRegex, m.isEqual]),
        body.startsAt,
        body.endsAt,
        body.createdBy,
        body.comment,
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
