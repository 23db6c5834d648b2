import {
  type ActPlan,
  type ActResult,
  type EffectRequest,
  type Intent,
  noWeight,
} from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { cleanText } from '../kernel/redact.ts';
import { type Milliseconds, mib, minutes } from '../kernel/units.ts';
import { debugAnnotations } from '../probes/pod-debug.ts';
import type { ActionDefinition, PlanDraft, PlanScene, Tools } from './action.ts';
import { debugContainer, debugLife } from './debug-container.ts';
import { joined, sendDebug, untilRunning } from './debug-perform.ts';
import { type DebugProfile, debugProfiles, isProfile, profileWords } from './debug-profile.ts';
import { asRecord, asText, readJson } from './read-json.ts';

/** Pods of ours on nodes are known by name and label. */
export const nodePodPrefix = 'midwatch-node-';
export const nodePodLabels = { 'app.kubernetes.io/managed-by': 'midwatch' } as const;
export const nodePodOwner = debugAnnotations.by;
export const nodePodProcess = 'midwatch.dev/process';

const sessionTime = minutes(45);

const wrong = (why: string, hint?: string): Result<never> =>
  failed(failure('misconfigured', 'debug', why, hint === undefined ? {} : { hint }));

const hasHost = (profile: DebugProfile): boolean =>
  profile === 'general' || profile === 'sysadmin' || profile === 'netadmin';

const hostWords: Readonly<Record<DebugProfile, string>> = {
  restricted: profileWords.restricted,
  baseline: 'a plain pod on the node, without access to it',
  general: "sees the node's processes and network, and its files read-only under /host",
  netadmin: "sees the node's processes, and may change its network",
  sysadmin: 'privileged: root on the node, with its files writable under /host',
};

const mounts = (profile: DebugProfile): object =>
  profile === 'general' || profile === 'sysadmin'
    ? { volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: profile === 'general' }] }
    : {};

const volumes = (profile: DebugProfile): object =>
  profile === 'general' || profile === 'sysadmin'
    ? { volumes: [{ name: 'host', hostPath: { path: '/' } }] }
    : {};

interface NodePodWish {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly image: string;
  readonly profile: DebugProfile;
  readonly by: string;
  /** Which process it belongs to; '' where that is not known. */
  readonly process: string;
  readonly reason: string;
  readonly life: Milliseconds;
}

/** The pod, with an end of its own: where nobody deletes it, the node stops it. */
export const nodePod = (wish: NodePodWish): object => {
  const { name, namespace, node, profile, by } = wish;
  // What a pod of its own sees of the node is decided by its namespaces; SYS_PTRACE is of no use without them.
  const container = debugContainer({
    name: 'debugger',
    image: wish.image,
    profile: profile === 'general' ? 'baseline' : profile,
    target: null,
    user: null,
    nonRoot: false,
    life: wish.life,
    by,
    reason: wish.reason,
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...nodePodLabels },
      annotations: {
        [nodePodOwner]: by.slice(0, 200),
        ...(wish.reason === ''
          ? {}
          : { [debugAnnotations.reason]: cleanText(wish.reason).slice(0, 500) }),
        ...(wish.process === '' ? {} : { [nodePodProcess]: wish.process }),
      },
    },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      activeDeadlineSeconds: Math.ceil(wish.life / 1000) + 120,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      ...(hasHost(profile) ? { hostPID: true, hostNetwork: true, hostIPC: true } : {}),
      containers: [{ ...container, ...mounts(profile) }],
      ...volumes(profile),
    },
  };
};

/** A pod of ours, by its name, which no other ever has. */
export const nodePodDeletion = (namespace: string, name: string): EffectRequest => ({
  kind: 'kubernetes',
  method: 'DELETE',
  path: `/api/v1/namespaces/${namespace}/pods/${name}`,
  contentType: 'application/json',
  body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 }),
});

const creation = (namespace: string, pod: object, dry: boolean): EffectRequest => ({
  kind: 'kubernetes',
  method: 'POST',
  path: `/api/v1/namespaces/${namespace}/pods?${dry ? 'dryRun=All&' : ''}fieldManager=midwatch`,
  contentType: 'application/json',
  body: JSON.stringify(pod),
});

const plan = (intent: Intent, scene: PlanScene, life: Milliseconds): Result<PlanDraft> => {
  const { subject, args } = intent;
  if (subject.kind !== 'object' || subject.resource !== 'nodes') return wrong('it is about a node');
  const written = args.profile ?? '';
  if (written !== '' && !isProfile(written)) {
    return wrong(`there is no profile ${written}`, `profiles are ${debugProfiles.join(', ')}`);
  }
  const profile: DebugProfile = isProfile(written) ? written : 'general';
  const image = (args.image ?? '') === '' ? (scene.policy.images[0] ?? '') : (args.image ?? '');
  if (image === '') {
    return wrong(
      'no image is allowed for debug containers here',
      'name one by its digest under policy.classes[].images in the configuration',
    );
  }
  const namespace = (args.namespace ?? '') === '' ? 'default' : (args.namespace ?? '');
  const name = `${nodePodPrefix}${scene.nonce}`;
  const reason = args.reason ?? '';
  const pod = nodePod({
    name,
    namespace,
    node: subject.name,
    image,
    profile,
    by: scene.person,
    process: scene.process ?? '',
    reason,
    life,
  });
  const right = (verb: string, resource: string, one = '') => ({
    verb,
    group: '',
    resource,
    namespace,
    name: one,
  });
  return ok({
    title: `start a debug pod on node ${subject.name}, in namespace ${namespace}`,
    effect: 'session',
    typed: subject.name,
    requests: [
      creation(namespace, pod, true),
      creation(namespace, pod, false),
      { kind: 'attach', namespace, pod: name, container: 'debugger', tty: true },
      nodePodDeletion(namespace, name),
    ],
    rights: [
      right('create', 'pods'),
      right('get', 'pods', name),
      right('get', 'pods/attach', name),
      right('create', 'pods/attach', name),
      right('delete', 'pods', name),
    ],
    dangers: [
      `Profile ${profile}: ${hostWords[profile]}.`,
      `The pod is deleted when the session ends; where this program dies, the node stops it after ${Math.ceil(life / 60_000) + 2} minutes and the next start deletes it.`,
    ],
    refusals: [],
    bounds: { time: sessionTime, bytes: mib(64) },
    weight: { ...noWeight, images: [image] },
  });
};

/** Which node it is: whoever asks for one by its name alone has not seen its uid. */
const prepare = async (
  intent: Intent,
  scene: PlanScene,
  life: Milliseconds,
  reads: EffectReads,
  signal: AbortSignal,
): Promise<Result<PlanDraft>> => {
  const { subject } = intent;
  if (subject.kind !== 'object' || subject.uid !== null) return plan(intent, scene, life);
  const read = await readJson(reads, `/api/v1/nodes/${encodeURIComponent(subject.name)}`, signal);
  if (!read.ok) return read;
  const uid = asText(asRecord(read.value.metadata).uid);
  const draft = plan(intent, scene, life);
  return draft.ok && uid !== '' ? ok({ ...draft.value, subject: { ...subject, uid } }) : draft;
};

/** However it ends, the pod is deleted: also where whoever asked has given up. */
const deleted = async (plan_: ActPlan, tools: Tools, result: ActResult): Promise<ActResult> => {
  const deletion = plan_.requests.find((r) => r.kind === 'kubernetes' && r.method === 'DELETE');
  if (deletion?.kind !== 'kubernetes') return result;
  tools.progress('deleting the pod');
  // The signal of the session may have ended it; this has a time of its own.
  const answer = await tools.ports.kubernetes(deletion, new AbortController().signal);
  const gone = answer.ok && (answer.value.status < 300 || answer.value.status === 404);
  if (gone) {
    return result.kind === 'done'
      ? { ...result, text: 'the session has ended, and its pod is deleted' }
      : result;
  }
  const left = `its pod is left behind (${deletion.path}): the next start deletes it`;
  if (result.kind === 'done') return { ...result, text: `${result.text}; ${left}` };
  return result.kind === 'unknown'
    ? { ...result, why: `${result.why}; ${left}` }
    : { ...result, failure: { ...result.failure, hint: left } };
};

const perform = async (plan_: ActPlan, tools: Tools, signal: AbortSignal): Promise<ActResult> => {
  let made = false;
  let result: ActResult | null = null;
  for (const request of plan_.requests) {
    if (request.kind === 'kubernetes' && request.method === 'POST') {
      const dry = request.path.includes('dryRun=All');
      tools.progress(dry ? 'trying it out' : 'starting the pod');
      result = await sendDebug(tools, request, signal);
      made = made || (!dry && result?.kind !== 'failed');
    } else if (request.kind === 'attach') {
      result =
        (await untilRunning(request, null, tools, signal)) ??
        (await joined(request, plan_.bounds.bytes, tools, signal));
    }
    if (result !== null) break;
  }
  const end: ActResult = result ?? { kind: 'done', text: 'nothing was joined', bytes: 0 };
  return made ? deleted(plan_, tools, end) : end;
};

/** Starts a pod on a node, joins the person's terminal to it, and deletes it. */
export const debugNodeFor = (life: Milliseconds): ActionDefinition => ({
  id: 'debug-node',
  title: 'debug',
  keys: ['s'],
  aliases: ['debug', 'shell'],
  resources: ['nodes'],
  effect: 'session',
  shown: true,
  elsewhere: 'kubectl debug node/{name} --profile=general -it --image=…',
  inputs: [],
  plan: (intent, scene) => plan(intent, scene, life),
  prepare: (intent, scene, reads, signal) => prepare(intent, scene, life, reads, signal),
  perform,
});

export const debugNode = debugNodeFor(debugLife);
