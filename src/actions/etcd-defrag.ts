import { ok } from '../kernel/failure.ts';
import { mib, milliseconds, minutes } from '../kernel/units.ts';
import { bytesText } from '../probes/etcd-words.ts';
import type { ActionDefinition, PlanDraft } from './action.ts';
import { defragmentInTurn } from './etcd-defrag-turns.ts';
import {
  askStatusOf,
  type EtcdStanding,
  etcdRequest,
  etcdStanding,
  etcdWeight,
  standingText,
} from './etcd-standing.ts';
import { type EtcdMemberView, type EtcdView, etcdView, etcdViewNow } from './etcd-view.ts';

/** A file of 8 GiB on a slow disk. */
const perMember = minutes(15);

const hasEndpoint = (m: EtcdMemberView): m is EtcdMemberView & { readonly endpoint: string } =>
  m.endpoint !== null;

/** Those that do not lead first, the leader last: each in its turn, in the order of their names. */
const inOrder = (view: EtcdView, { leader }: EtcdStanding): readonly EtcdMemberView[] =>
  view.members
    .filter((m) => view.member === '' || m.key === view.member)
    .toSorted(
      (a, b) =>
        Number(a.key === leader?.key) - Number(b.key === leader?.key) || (a.name < b.name ? -1 : 1),
    );

const sizeText = ({ name, answer }: EtcdMemberView): string =>
  answer === null
    ? `${name}: its size is not known.`
    : `${name}: ${bytesText(answer.dbSize)} on disk, ${bytesText(answer.dbInUse)} of it in use; it answers nobody until that is written anew, for which its disk needs ${bytesText(answer.dbInUse)} more.`;

const refusalsOf = (
  { members }: EtcdView,
  standing: EtcdStanding,
  turns: readonly EtcdMemberView[],
): readonly string[] => {
  const { leader, margin, voters } = standing;
  const busy = turns.some((m) => m.voter);
  const dumb = turns.filter((m) => m.answer === null);
  return [
    ...(leader === null ? ['no member leads'] : []),
    ...(busy && voters > 1 && margin < 1
      ? ['one member that is busy would stop all writes: no voter is to spare']
      : []),
    ...dumb.map((m) => `${m.name} cannot be asked: ${m.why}`),
    ...(members.some((m) => m.lost && turns.includes(m))
      ? ['a member that has lost its data is not defragmented']
      : []),
  ];
};

const draftOf = (view: EtcdView): PlanDraft => {
  const standing = etcdStanding(view);
  const turns = inOrder(view, standing);
  const { cluster } = view;
  // All that answer now have to go on doing so, whether or not it is their turn.
  const looked = view.members.filter((m) => m.answer !== null && !m.lost).filter(hasEndpoint);
  const look = looked.map((m) => askStatusOf(cluster, m.endpoint));
  const requests = turns
    .filter(hasEndpoint)
    .flatMap((m) => [...look, etcdRequest(cluster, m.endpoint, '/v3/maintenance/defragment', {})]);
  const names = turns.map((m) => m.name).join(', then ');
  const leads = turns.find((m) => m.key === standing.leader?.key);
  return {
    title: `defragment etcd ${cluster}: ${names}`,
    effect: 'write',
    typed: view.member === '' ? cluster : (turns[0]?.name ?? cluster),
    requests: [...requests, ...look],
    rights: [],
    dangers: [
      ...turns.map(sizeText),
      ...(leads === undefined
        ? []
        : standing.voters === 1
          ? [`${leads.name} is the only voter: nobody can read or write meanwhile.`]
          : [
              `${leads.name} leads, and comes last: meanwhile another may be elected, and writes wait.`,
            ]),
      'Before each turn all members are asked how they are; it ends there when one is not well.',
      standingText(standing),
    ],
    refusals: refusalsOf(view, standing, turns),
    bounds: { time: milliseconds(perMember * Math.max(1, turns.length)), bytes: mib(1) },
    weight: etcdWeight(standing),
  };
};

/** Gives space that compactions have freed back to the file system, one member after the other. */
export const etcdDefrag: ActionDefinition = {
  id: 'etcd-defrag',
  title: 'defrag',
  keys: ['d'],
  aliases: ['defrag'],
  resources: ['etcd-members'],
  effect: 'write',
  shown: true,
  elsewhere: 'etcdctl --endpoints={url} defrag',
  inputs: [],
  plan: ({ subject }, scene) => {
    const view = etcdView(subject, scene);
    return view.ok ? ok(draftOf(view.value)) : view;
  },
  prepare: async ({ subject }, scene, reads, signal) => {
    const view = etcdView(subject, scene);
    return view.ok ? ok(draftOf(await etcdViewNow(view.value, reads, signal))) : view;
  },
  perform: defragmentInTurn,
};
