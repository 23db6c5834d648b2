import type { ActResult } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { bytes, hours, mib } from '../kernel/units.ts';
import { bytesText } from '../probes/etcd-words.ts';
import type { ActInput, ActionDefinition, PlanDraft } from './action.ts';
import { etcdStanding, etcdWeight, standingText } from './etcd-standing.ts';
import { type EtcdMemberView, type EtcdView, etcdView, etcdViewNow } from './etcd-view.ts';

const wrongPath: ActInput['wrong'] = (value) => {
  if (!value.startsWith('/') || value.endsWith('/')) return 'the whole path of a file, from /';
  if (value.split('/').some((part) => part === '..' || part === '.')) return 'a path without dots';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these may not be in a path
  return /[\u0000-\u001f\u007f]/.test(value) || value.length > 1000 ? 'a plain path' : null;
};

/** The one that is meant, else a follower that has all there is: the leader has enough to do. */
const sourceOf = (view: EtcdView): EtcdMemberView | undefined => {
  const standing = etcdStanding(view);
  if (view.member !== '') return view.members.find((m) => m.key === view.member);
  const sound = view.members.filter((m) => m.voter && !m.lost && m.answer !== null);
  return sound.toSorted(
    (a, b) =>
      Number(a.key === standing.leader?.key) - Number(b.key === standing.leader?.key) ||
      (b.answer?.applied ?? 0) - (a.answer?.applied ?? 0),
  )[0];
};

const draftOf = (view: EtcdView, args: Readonly<Record<string, string>>): Result<PlanDraft> => {
  const path = (args.path ?? '').trim();
  const why = wrongPath(path);
  if (why !== null) return failed(failure('misconfigured', 'snapshot', `path: ${why}`));
  const member = sourceOf(view);
  const standing = etcdStanding(view);
  const size = member?.answer?.dbSize ?? 0;
  return ok({
    title: `save a snapshot of etcd ${view.cluster} from ${member?.name ?? 'nobody'} to ${path}`,
    effect: 'read',
    typed: view.cluster,
    subject: { kind: 'etcd', cluster: view.cluster, member: member?.key ?? '' },
    requests:
      member === undefined || member.endpoint === null
        ? []
        : [{ kind: 'etcd-snapshot', cluster: view.cluster, endpoint: member.endpoint, path }],
    rights: [],
    dangers: [
      `About ${bytesText(size)} is read from ${member?.name ?? 'it'}, over this line, to this machine.`,
      'The file holds everything that the cluster stores, its secrets too, as etcd has it; only this user can read it.',
      standingText(standing),
    ],
    refusals: [
      ...(member === undefined ? ['no member has all data and answers'] : []),
      ...(member !== undefined && member.answer === null
        ? [`${member.name} cannot be asked: ${member.why}`]
        : []),
      ...(member?.endpoint === null ? [`no address of ${member.name} is known`] : []),
      ...(member?.lost === true ? [`${member.name} has lost its data`] : []),
    ],
    // It may grow while it is read.
    bounds: { time: hours(1), bytes: bytes(size * 2 + mib(64)) },
    weight: etcdWeight(standing),
  });
};

const stamp = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '').concat('Z');

/** Saves the whole database of a member to a file that is not there yet, and checks it by its own hash. */
export const etcdSnapshot: ActionDefinition = {
  id: 'etcd-snapshot',
  title: 'snapshot',
  keys: ['S'],
  aliases: ['snapshot'],
  resources: ['etcd-members'],
  effect: 'read',
  shown: true,
  elsewhere: 'etcdctl --endpoints={url} snapshot save etcd.db',
  inputs: [
    {
      name: 'path',
      title: 'to file',
      hint: 'a path that is not there yet',
      required: true,
      usual: ({ now }, subject) =>
        subject.kind === 'etcd'
          ? `/var/tmp/${subject.cluster.replace(/[^\w-]+/g, '-')}-${stamp(now)}.db`
          : '',
      wrong: wrongPath,
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
  perform: async ({ requests, bounds }, { ports, progress }, signal): Promise<ActResult> => {
    const [request] = requests;
    if (request?.kind !== 'etcd-snapshot') {
      const why = failure('misconfigured', 'snapshot', 'nobody is asked for one');
      return { kind: 'failed', failure: why, bytes: 0 };
    }
    const tooMuch = new AbortController();
    let read = 0;
    const saved = await ports.etcdSnapshot(
      request,
      (size) => {
        read = size;
        progress(`${bytesText(size)} written`);
        if (size > bounds.bytes) tooMuch.abort();
      },
      AbortSignal.any([signal, tooMuch.signal]),
    );
    // Nothing outside has changed, and no part of a file is left: there is nothing that could be unknown.
    if (!saved.ok) {
      const why = tooMuch.signal.aborted
        ? failure('refused', 'snapshot', `it is larger than ${bytesText(bounds.bytes)}`)
        : saved.failure;
      return { kind: 'failed', failure: why, bytes: read };
    }
    const { bytes: size, sha256, revision } = saved.value;
    return {
      kind: 'done',
      text: `snapshot of ${bytesText(size)} at revision ${revision} or later in ${request.path}; its hash is right, sha256 ${sha256}`,
      bytes: size,
    };
  },
};
