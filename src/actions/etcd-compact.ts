import { noWeight } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { mib, minutes } from '../kernel/units.ts';
import { countText } from '../probes/etcd-words.ts';
import type { ActInput, ActionDefinition, PlanDraft } from './action.ts';
import { etcdRequest, etcdStanding, standingText } from './etcd-standing.ts';
import { type EtcdView, etcdView, etcdViewNow } from './etcd-view.ts';
import { sendInOrder } from './send-in-order.ts';

/** Enough for watches that have fallen a little behind to go on. */
const usuallyKept = '1000';

const wrongKeep: ActInput['wrong'] = (value) =>
  /^\d{1,12}$/.test(value) ? null : 'a number of revisions, from 0';
const wrongRevision: ActInput['wrong'] = (value) =>
  value === '' || /^[1-9]\d{0,18}$/.test(value) ? null : 'the number of a revision';

const draftOf = (view: EtcdView, args: Readonly<Record<string, string>>): Result<PlanDraft> => {
  const keep = args.keep ?? usuallyKept;
  const asked = args.revision ?? '';
  const why = wrongKeep(keep) ?? wrongRevision(asked);
  if (why !== null) return failed(failure('misconfigured', 'compact', why));
  const standing = etcdStanding(view);
  const leader = standing.leader;
  const now = BigInt(leader?.answer?.revision ?? '0');
  const target = asked === '' ? now - BigInt(keep) : BigInt(asked);
  const stays = now - target;
  const text = (n: bigint): string => countText(Number(n));
  return ok({
    title: `compact etcd ${view.cluster} to revision ${target > 0n ? target : 0n}`,
    effect: 'write',
    typed: view.cluster,
    subject: { kind: 'etcd', cluster: view.cluster, member: '' },
    requests:
      leader === null || leader.endpoint === null || target <= 0n
        ? []
        : [
            etcdRequest(view.cluster, leader.endpoint, '/v3/kv/compaction', {
              revision: String(target),
              physical: true,
            }),
          ],
    rights: [],
    dangers: [
      `It is at revision ${now}; all history before ${target > 0n ? target : 0n} is gone for good, ${text(stays > 0n ? stays : 0n)} revisions of it stay.`,
      'Whoever watches or lists from before that is told 410 Gone, and reads everything anew.',
      'Files do not get smaller by it: that takes a defragmentation.',
      standingText(standing),
    ],
    refusals: [
      ...(leader === null ? ['no member leads: nothing can be written'] : []),
      ...(leader !== null && leader.endpoint === null ? ['no address of the leader is known'] : []),
      ...(leader !== null && target <= 0n ? ['it has no revision as old as that'] : []),
      ...(leader !== null && target > now ? [`it is at revision ${now} only`] : []),
    ],
    bounds: { time: minutes(10), bytes: mib(1) },
    // It takes no member away: the margin is told, and does not stand against it.
    weight: { ...noWeight, quorumMargin: 'untouched' },
  });
};

/** Throws away old revisions of everything that is stored. */
export const etcdCompact: ActionDefinition = {
  id: 'etcd-compact',
  title: 'compact',
  keys: ['c'],
  aliases: ['compact'],
  resources: ['etcd-members'],
  effect: 'write',
  shown: true,
  elsewhere: 'etcdctl --endpoints={url} compact {revision}',
  inputs: [
    {
      name: 'keep',
      title: 'revisions to keep',
      hint: 'how many of the newest stay readable',
      required: true,
      usual: () => usuallyKept,
      wrong: wrongKeep,
    },
    {
      name: 'revision',
      title: 'or up to revision',
      hint: 'empty: counted from the newest',
      required: false,
      usual: () => '',
      wrong: wrongRevision,
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
  perform: sendInOrder,
};
