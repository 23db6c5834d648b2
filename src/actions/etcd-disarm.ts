import { noWeight } from '../kernel/act.ts';
import { ok } from '../kernel/failure.ts';
import { mib, minutes } from '../kernel/units.ts';
import { bytesText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import type { ActionDefinition, PlanDraft } from './action.ts';
import { counted } from './counted.ts';
import { etcdRequest, etcdStanding, standingText } from './etcd-standing.ts';
import { type EtcdMemberView, type EtcdView, etcdView, etcdViewNow } from './etcd-view.ts';
import { sendInOrder } from './send-in-order.ts';

interface Raised {
  readonly memberId: string;
  readonly alarm: string;
  /** Null when it is no member any more. */
  readonly member: EtcdMemberView | null;
}

const raisedIn = ({ members, member }: EtcdView): readonly Raised[] => {
  const all = new Map<string, Raised>();
  for (const { answer } of members) {
    for (const { memberId, alarm } of answer?.alarms ?? []) {
      const its = members.find((m) => m.id === memberId) ?? null;
      if (member !== '' && its?.key !== member) continue;
      all.set(`${memberId} ${alarm}`, { memberId, alarm, member: its });
    }
  }
  return [...all.values()];
};

/** From here on the next few writes fill it again. etcd counts the whole file, not what of it is in use. */
const fullFrom = 0.9;

const nameOf = ({ member, memberId }: Raised): string => member?.name ?? `member ${memberId}`;

/** Why an alarm would be raised again, or should not be taken back. */
const refusalOf = (raised: Raised): string | null => {
  const { alarm, member } = raised;
  if (alarm === 'CORRUPT' && member !== null) {
    return `${member.name} has other data than the rest: replace it, its alarm is not wrong`;
  }
  if (alarm !== 'NOSPACE' || member?.answer == null) return null;
  const { dbSize, quota } = member.answer;
  return quota !== null && dbSize >= quota * fullFrom
    ? `the database of ${member.name} is ${bytesText(dbSize)} of ${bytesText(quota)}: compact and defragment first, or the alarm is back soon`
    : null;
};

const known = new Set(['NOSPACE', 'CORRUPT']);

const draftOf = (view: EtcdView): PlanDraft => {
  const standing = etcdStanding(view);
  const raised = raisedIn(view);
  const at = (standing.leader ?? view.members.find((m) => m.answer !== null))?.endpoint ?? null;
  const strange = raised.filter((r) => !known.has(r.alarm));
  const words = raised.map((r) => `${oneLine(r.alarm, 'an alarm')} of ${nameOf(r)}`).join(', ');
  return {
    title: `disarm ${raised.length === 0 ? 'alarms' : words} in etcd ${view.cluster}`,
    effect: 'write',
    typed: view.cluster,
    requests:
      at === null
        ? []
        : raised
            .filter((r) => known.has(r.alarm))
            .map((r) =>
              etcdRequest(view.cluster, at, '/v3/maintenance/alarm', {
                action: 'DEACTIVATE',
                memberID: r.memberId,
                alarm: r.alarm,
              }),
            ),
    rights: [],
    dangers: [
      `${counted(raised.length, 'alarm')} ${raised.length === 1 ? 'is' : 'are'} taken back; writes are accepted again once none is left.`,
      ...raised.flatMap(({ member }) => {
        const answer = member?.answer ?? null;
        if (member === null || answer === null) return [];
        const of = answer.quota === null ? '' : ` of ${bytesText(answer.quota)}`;
        return [
          `The database of ${member.name} is ${bytesText(answer.dbSize)}${of}, ${bytesText(answer.dbInUse)} in use.`,
        ];
      }),
      standingText(standing),
    ],
    refusals: [
      ...(raised.length === 0 ? ['no alarm is raised'] : []),
      ...(at === null ? ['no member answers'] : []),
      ...(standing.leader === null ? ['no member leads: nothing can be written'] : []),
      ...strange.map((r) => `${oneLine(r.alarm)} is not known here`),
      ...raised.flatMap((r) => refusalOf(r) ?? []),
    ],
    bounds: { time: minutes(2), bytes: mib(1) },
    // It takes no member away: the margin is told, and does not stand against it.
    weight: { ...noWeight, quorumMargin: 'untouched' },
  };
};

/** Takes alarms back that are raised now, each by its member and kind. */
export const etcdDisarm: ActionDefinition = {
  id: 'etcd-disarm',
  title: 'disarm alarms',
  keys: ['D'],
  aliases: ['disarm'],
  resources: ['etcd-members'],
  effect: 'write',
  shown: true,
  elsewhere: 'etcdctl --endpoints={url} alarm disarm',
  inputs: [],
  plan: ({ subject }, scene) => {
    const view = etcdView(subject, scene);
    return view.ok ? ok(draftOf(view.value)) : view;
  },
  prepare: async ({ subject }, scene, reads, signal) => {
    const view = etcdView(subject, scene);
    return view.ok ? ok(draftOf(await etcdViewNow(view.value, reads, signal))) : view;
  },
  perform: sendInOrder,
};
