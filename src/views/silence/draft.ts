import type { AlertStream, StreamItem, StreamSource } from '../../findings/alert-stream.ts';
import type { Labels, Matcher } from '../../kernel/alert-fact.ts';
import { matches, parseMatchers } from '../../kernel/matchers.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { many } from '../parts/words.ts';

/** How much of an alert's labels a silence asks for. */
export type Breadth = 'exact' | 'name';

/** Hours that are offered; whoever needs longer should mend the rule. */
export const hoursOffered = [1, 2, 4, 8, 24] as const;

/** A silence as it would be sent, and what it would do. Nothing here sends it. */
export interface SilenceDraft {
  readonly matchers: readonly Matcher[];
  readonly hours: number;
  /** Body of the request; who and why are for the person to say. */
  readonly body: Readonly<Record<string, unknown>>;
  /** One of each cluster of Alertmanagers: those that gossip tell each other. */
  readonly to: readonly StreamSource[];
  /** Alerts that nobody would be told of. */
  readonly hides: readonly StreamItem[];
  /** Why it would be refused, in words; [] when it would not be. */
  readonly refusals: readonly string[];
  /** What to think of first. */
  readonly warnings: readonly string[];
}

const equals = (name: string, value: string): Matcher => ({
  name,
  value,
  isRegex: false,
  isEqual: true,
});

/** Labels that say which alert it is, and where, without saying which one of many. */
const naming = ['alertname', 'namespace'] as const;

/** All labels, as Alertmanager's own page does it, or no more than its name and namespace. */
export const matchersOf = (labels: Labels, breadth: Breadth): readonly Matcher[] =>
  Object.entries(labels)
    .filter(([name]) => breadth === 'exact' || naming.some((n) => n === name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => equals(name, value));

/** The labels that a source groups by are the matchers of the whole group; `=X` is all of that name. */
export const matchersOfGroup = (group: string): readonly Matcher[] => {
  if (group.startsWith('=')) return [equals('alertname', group.slice(1))];
  const parsed = parseMatchers(group);
  return parsed.ok ? parsed.value : [];
};

const isOpen = (item: StreamItem): boolean => item.kind === 'alert' && item.state !== 'resolved';

/** The heard one of each cluster, else the first. */
const oneOfEach = (sources: readonly StreamSource[]): readonly StreamSource[] => {
  const clusters = Map.groupBy(
    sources.filter((s) => s.kind === 'alertmanager'),
    (s) => s.cluster,
  );
  return [...clusters.values()].flatMap((peers) => {
    const chosen = peers.find((s) => s.tone === 'good') ?? peers[0];
    return chosen === undefined ? [] : [chosen];
  });
};

const timeText = (at: number): string => new Date(at).toISOString();

const hour = 3_600_000;

/** Fills in everything that a silence needs but who asks for it and why. */
export const draftSilence = (
  stream: AlertStream,
  matchers: readonly Matcher[],
  hours: number,
  now: EpochMs,
): SilenceDraft => {
  const open = stream.items.filter(isOpen);
  const hides = matchers.length === 0 ? [] : open.filter((i) => matches(matchers, i.labels));
  const to = oneOfEach(stream.sources);
  const unbound = matchers.every((m) => matches([m], {}));
  const other = hides.filter((i) => i.name !== hides[0]?.name);
  return {
    matchers,
    hours,
    body: {
      matchers,
      startsAt: timeText(now),
      endsAt: timeText(now + hours * hour),
      createdBy: 'you',
      comment: 'why',
    },
    to,
    hides,
    refusals: [
      ...(matchers.length === 0 ? ['it has no matcher, and would be about nothing'] : []),
      ...(matchers.length > 0 && unbound
        ? ['every matcher holds for an alert without labels: it would hide everything']
        : []),
      ...(to.length === 0 ? ['no Alertmanager is known that could keep it'] : []),
    ],
    warnings: [
      ...(hours >= 24 ? ['a whole day: whoever is on call tomorrow will not hear of it'] : []),
      ...(other.length > 0 ? [`it hides ${many(other.length, 'alert')} of other names too`] : []),
      ...(hides.some((i) => i.severity === 'critical') ? ['critical alerts are among them'] : []),
      ...(to.some((s) => s.tone !== 'good') ? ['not every Alertmanager is heard now'] : []),
    ],
  };
};

/** The same for a terminal beside this one. A value that a shell could read as more than text is left out. */
export const amtoolText = (draft: SilenceDraft): string => {
  const matchers = draft.matchers.map((m) => {
    const sign = `${m.isEqual ? '=' : '!'}${m.isRegex ? '~' : m.isEqual ? '' : '='}`;
    const text = `${m.name}${sign}${JSON.stringify(m.value)}`;
    return text.includes("'") ? '…' : `'${text}'`;
  });
  const url = draft.to[0]?.where ?? '';
  const where = /^https?:\/\/[\w.:/[\]-]+$/.test(url) ? ` --alertmanager.url=${url}` : '';
  return `amtool silence add${where} --duration=${draft.hours}h --comment=… ${matchers.join(' ')}`;
};
