import type { ActResult } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { mib, minutes, seconds } from '../kernel/units.ts';
import { countText } from '../probes/etcd-words.ts';
import type { ActionDefinition, PlanDraft } from './action.ts';
import { etcdAnswerIn } from './etcd-answer.ts';
import { etcdRequest, etcdStanding, etcdWeight, standingText } from './etcd-standing.ts';
import { type EtcdView, etcdView, etcdViewNow } from './etcd-view.ts';
import { sendInOrder } from './send-in-order.ts';

/** Entries that the next leader may be behind: it has to catch up before it is one. */
const lagAllowed = 5000;
const settles = seconds(20);

const draftOf = (view: EtcdView, args: Readonly<Record<string, string>>): Result<PlanDraft> => {
  const to = args.to === undefined || args.to === '' ? view.member : args.to;
  const target = view.members.find((m) => m.key === to || m.name === to || m.id === to);
  if (target === undefined) {
    return failed(failure('misconfigured', 'move leader', 'name the member that is to lead'));
  }
  const standing = etcdStanding(view);
  const { leader } = standing;
  const behind = (leader?.answer?.index ?? 0) - (target.answer?.index ?? 0);
  const from = leader?.name ?? 'nobody';
  return ok({
    title: `move leadership of etcd ${view.cluster} from ${from} to ${target.name}`,
    effect: 'write',
    typed: target.name,
    subject: { kind: 'etcd', cluster: view.cluster, member: target.key },
    requests:
      leader === null || leader.endpoint === null || target.id === ''
        ? []
        : [
            etcdRequest(view.cluster, leader.endpoint, '/v3/maintenance/transfer-leadership', {
              targetID: target.id,
            }),
          ],
    rights: [],
    dangers: [
      'Writes wait while leadership moves, for as long as an election takes.',
      `${target.name} is ${countText(Math.max(0, behind))} entries behind ${from}.`,
      standingText(standing),
    ],
    refusals: [
      ...(leader === null ? ['no member leads'] : []),
      ...(leader !== null && leader.endpoint === null ? ['no address of the leader is known'] : []),
      ...(leader?.key === target.key ? [`${target.name} leads already`] : []),
      ...(target.voter ? [] : [`${target.name} is a learner: it cannot lead`]),
      ...(target.answer === null ? [`${target.name} cannot be asked: ${target.why}`] : []),
      ...(target.lost ? [`${target.name} has lost its data`] : []),
      ...(behind > lagAllowed ? [`${target.name} is too far behind to lead`] : []),
    ],
    bounds: { time: minutes(2), bytes: mib(1) },
    weight: etcdWeight(standing),
  });
};

const targetIn = (body: string): string => /"targetID":"(\d+)"/.exec(body)?.[1] ?? '';

/** Hands leadership to another member, and waits until that is seen. */
export const etcdMoveLeader: ActionDefinition = {
  id: 'etcd-move-leader',
  title: 'move leader',
  keys: ['m'],
  aliases: ['move-leader'],
  resources: ['etcd-members'],
  effect: 'write',
  shown: true,
  elsewhere: 'etcdctl --endpoints={leaderUrl} move-leader {memberId}',
  inputs: [
    {
      name: 'to',
      title: 'to member',
      hint: 'the name of the member that is to lead',
      required: true,
      usual: (_, subject) => (subject.kind === 'etcd' ? subject.member : ''),
      wrong: (value) => (value.trim() === '' ? 'the name of a member' : null),
    },
  ],
  plan: ({ subject, args }, scene) => {
    const view = etcdView(subject, scene);
    return view.ok ? draftOf(view.value, args) : view;
  },
  prepare: async ({ subject, args }, scene, reads, signal) => {
    const view = etcdView(subject, scene);
    return view.ok ? draftOf(await etcdViewNow(view.value, reads, signal), args) : view;
  },
  perform: async (plan, tools, signal): Promise<ActResult> => {
    const sent = await sendInOrder(plan, tools, signal);
    const [request] = plan.requests;
    if (sent.kind !== 'done' || request?.kind !== 'etcd') return sent;
    const { clock, reads } = tools;
    const target = targetIn(request.body);
    const began = clock.now();
    for (;;) {
      const read = await reads.etcdStatus(request.cluster, request.endpoint, signal);
      const leader = read.ok ? etcdAnswerIn(read.value)?.leader : undefined;
      if (leader === target) return { ...sent, text: `${plan.title}: it leads` };
      if (signal.aborted || clock.now() - began >= settles) {
        const why = 'it was accepted, and the old leader does not name the new one yet';
        return { kind: 'unknown', why, bytes: sent.bytes };
      }
      tools.progress('waiting until the new leader is seen');
      await clock.sleep(seconds(1), signal);
    }
  },
};
