import type { EtcdCase } from './etcd-case.ts';
import { etcdLimits } from './etcd-limits.ts';
import type { EtcdSight } from './etcd-sight.ts';

/** An alarm, and the members that have raised it, by what they are called. */
export interface EtcdAlarm {
  readonly alarm: string;
  readonly members: readonly string[];
}

/** `alarm:NOSPACE` among the errors of a status: told also where alarms may not be listed. */
const inErrors = (errors: readonly string[]): readonly string[] =>
  errors.flatMap((e) => /\balarm: ?([A-Z]{3,20})\b/.exec(e.slice(0, 500))?.[1] ?? []);

const alarmsOf = ({ state: { status } }: EtcdSight): readonly (readonly [string, string])[] =>
  status === null
    ? []
    : [
        ...status.alarms.map((a) => [a.alarm, a.memberId] as const),
        ...inErrors(status.errors).map((alarm) => [alarm, ''] as const),
      ];

/**
 * Alarms are part of what the members agree on: each tells those of all. What a member said last counts also while
 * it does not answer, unless another one has since said that there is none.
 */
export const etcdAlarms = ({ sights }: EtcdCase): readonly EtcdAlarm[] => {
  const clearedAt = Math.max(
    0,
    ...sights.map((s) => (alarmsOf(s).length === 0 ? (s.state.answeredAt ?? 0) : 0)),
  );
  const found = new Map<string, Set<string>>();
  for (const sight of sights) {
    const old = clearedAt - (sight.state.answeredAt ?? 0) > etcdLimits.alarmSpreads;
    if (old && sight.hearing.kind !== 'answers') continue;
    for (const [alarm, id] of alarmsOf(sight)) {
      const members = found.get(alarm) ?? new Set();
      found.set(alarm, members);
      const whose = sights.find((s) => id !== '' && (s.state.status?.memberId ?? '') === id);
      if (whose !== undefined) members.add(whose.name);
    }
  }
  return [...found].map(([alarm, members]) => ({ alarm, members: [...members].sort() }));
};

/** Alarms that this member has raised. */
export const alarmsAt = (sight: EtcdSight, alarms: readonly EtcdAlarm[]): readonly string[] =>
  alarms.filter((a) => a.members.includes(sight.name)).map((a) => a.alarm);
