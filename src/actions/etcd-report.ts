import type { ActPlan, ActResult } from '../kernel/act.ts';
import { failure, failureText, ok } from '../kernel/failure.ts';
import { mib, seconds } from '../kernel/units.ts';
import { bytesText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import type { ActionDefinition, PlanDraft, Tools } from './action.ts';
import { type EtcdAnswer, etcdAnswerIn } from './etcd-answer.ts';
import { askStatusOf, etcdStanding, etcdWeight } from './etcd-standing.ts';
import { type EtcdView, etcdView } from './etcd-view.ts';

const draftOf = (view: EtcdView, title: string): PlanDraft => ({
  title: `${title} of etcd ${view.cluster}`,
  effect: 'read',
  typed: view.cluster,
  requests: view.members.flatMap((m) =>
    m.endpoint === null || (view.member !== '' && m.key !== view.member)
      ? []
      : [askStatusOf(view.cluster, m.endpoint)],
  ),
  rights: [],
  dangers: [],
  refusals: view.members.every((m) => m.endpoint === null)
    ? ['no address of a member is known']
    : [],
  bounds: { time: seconds(30), bytes: mib(1) },
  weight: etcdWeight(etcdStanding(view)),
});

type Asked = readonly {
  readonly place: string;
  readonly answer: EtcdAnswer | null;
  readonly why: string;
}[];

/** Asks all at once: one that hangs keeps nobody waiting for the others. */
const askAll = async (
  plan: ActPlan,
  { ports }: Tools,
  signal: AbortSignal,
): Promise<{ readonly asked: Asked; readonly bytes: number }> => {
  let bytes = 0;
  const asked = await Promise.all(
    plan.requests.flatMap((request) =>
      request.kind === 'etcd'
        ? [
            (async () => {
              const place = oneLine(request.endpoint.replace(/^https?:\/\//, ''));
              const said = await ports.etcd(request, signal);
              if (!said.ok) return { place, answer: null, why: failureText(said.failure) };
              bytes += said.value.body.length;
              const answer = etcdAnswerIn(said.value.body);
              return { place, answer, why: answer === null ? `HTTP ${said.value.status}` : '' };
            })(),
          ]
        : [],
    ),
  );
  return { asked, bytes };
};

const roleOf = ({ learner, leader, memberId }: EtcdAnswer): string =>
  learner ? 'learner' : leader === '' ? 'no leader' : leader === memberId ? 'leader' : 'follower';

const statusLine = ({ place, answer, why }: Asked[number]): string =>
  answer === null
    ? `${place}: does not answer: ${why}`
    : [
        `${place}: ${roleOf(answer)}`,
        answer.version,
        `revision ${answer.revision}`,
        `db ${bytesText(answer.dbSize)}, ${bytesText(answer.dbInUse)} in use`,
        `raft ${answer.applied} of ${answer.index}, term ${answer.term}`,
        ...answer.errors.map((e) => oneLine(e)),
      ].join(', ');

const alarmLines = (asked: Asked): string => {
  const all = new Set(
    asked.flatMap(({ answer }) =>
      (answer?.alarms ?? []).map((a) => `${oneLine(a.alarm)} of member ${a.memberId}`),
    ),
  );
  const silent = asked.filter((a) => a.answer === null).map((a) => `${a.place}: ${a.why}`);
  const said = all.size === 0 ? 'no alarm is raised' : [...all].join(', ');
  return [said, ...silent.map((s) => `not asked: ${s}`)].join('\n');
};

const reading = (
  id: string,
  title: string,
  aliases: readonly string[],
  elsewhere: string,
  told: (asked: Asked) => string,
): ActionDefinition => ({
  id,
  title,
  keys: [],
  aliases,
  resources: ['etcd-members'],
  effect: 'read',
  shown: false,
  elsewhere,
  inputs: [],
  plan: ({ subject }, scene) => {
    const view = etcdView(subject, scene);
    return view.ok ? ok(draftOf(view.value, title)) : view;
  },
  perform: async (plan, tools, signal): Promise<ActResult> => {
    const { asked, bytes } = await askAll(plan, tools, signal);
    if (asked.some((a) => a.answer !== null)) return { kind: 'done', text: told(asked), bytes };
    const why = asked.map((a) => `${a.place}: ${a.why}`).join('; ');
    return { kind: 'failed', failure: failure('unreachable', id, why), bytes };
  },
});

/** How each member is, as it says itself. */
export const etcdStatus = reading(
  'etcd-status',
  'status',
  ['endpoint-status'],
  'etcdctl --endpoints={url} endpoint status',
  (asked) => asked.map(statusLine).join('\n'),
);

/**
 * Alarms as every member lists those of all in its status: asking for the list of alarms itself is a write to the log of
 * the cluster, and hangs without a quorum.
 */
export const etcdAlarms = reading(
  'etcd-alarms',
  'alarms',
  ['alarm-list'],
  'etcdctl --endpoints={url} alarm list',
  alarmLines,
);
