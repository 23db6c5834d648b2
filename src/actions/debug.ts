import { type ActPlan, type EffectRequest, type Intent, noWeight } from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { type Milliseconds, mib, minutes } from '../kernel/units.ts';
import type { ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { debugContainer, debugLife, debugPrefix } from './debug-container.ts';
import { performDebug } from './debug-perform.ts';
import {
  type ContainerNow,
  type PodNow,
  podPath,
  readPodNow,
  readPodSecurity,
} from './debug-pod-now.ts';
import {
  admits,
  type DebugProfile,
  debugProfiles,
  isProfile,
  type PodSecurity,
  profileFor,
  profileWords,
} from './debug-profile.ts';

/** As long as the container lives, and what waiting for it may take. */
const sessionTime = minutes(45);

const wrong = (why: string, hint?: string): Result<never> =>
  failed(failure('misconfigured', 'debug', why, hint === undefined ? {} : { hint }));

const patchOf = (path: string, uid: string, container: object, dry: boolean): EffectRequest => ({
  kind: 'kubernetes',
  method: 'PATCH',
  path: `${path}/ephemeralcontainers?${dry ? 'dryRun=All&' : ''}fieldManager=midwatch`,
  contentType: 'application/strategic-merge-patch+json',
  body: JSON.stringify({ metadata: { uid }, spec: { ephemeralContainers: [container] } }),
});

interface Chosen {
  readonly profile: DebugProfile;
  readonly target: ContainerNow | null;
  readonly image: string;
}

const chosenProfile = (written: string, level: PodSecurity | null): Result<DebugProfile> => {
  if (written !== '' && !isProfile(written)) {
    return wrong(`there is no profile ${written}`, `profiles are ${debugProfiles.join(', ')}`);
  }
  // A namespace that cannot be read may be the strictest.
  return ok(written !== '' && isProfile(written) ? written : profileFor(level ?? 'restricted'));
};

const chosenTarget = (written: string, pod: PodNow): Result<ContainerNow | null> => {
  if (written === 'none') return ok(null);
  const name = written === '' ? pod.usual : written;
  const found = pod.containers.find((c) => c.name === name);
  if (found === undefined) {
    return wrong(
      `the pod has no container ${name}`,
      `its containers are ${pod.containers.map((c) => c.name).join(', ')}`,
    );
  }
  if (found.running) return ok(found);
  if (written === '') return ok(null);
  return wrong(
    `${name} does not run now, and its processes cannot be joined`,
    'ask for target none: network and volumes of the pod are there all the same',
  );
};

const chosen = (intent: Intent, pod: PodNow, scene: PlanScene, level: PodSecurity | null) => {
  const { profile: asked = '', target: named = '', image: written = '' } = intent.args;
  const profile = chosenProfile(asked, level);
  if (!profile.ok) return profile;
  const target = chosenTarget(named, pod);
  if (!target.ok) return target;
  const image = written === '' ? (scene.policy.images[0] ?? '') : written;
  if (image === '') {
    return wrong(
      'no image is allowed for debug containers here',
      'name one by its digest under policy.classes[].images in the configuration',
    );
  }
  return ok<Chosen>({ profile: profile.value, target: target.value, image });
};

const refusalsOf = (pod: PodNow, { profile }: Chosen, level: PodSecurity | null) => [
  ...(pod.isMirror
    ? [
        `it is a static pod: the API server takes no debug containers for it; use debug on node ${pod.node}`,
      ]
    : []),
  ...(pod.phase === 'Succeeded' || pod.phase === 'Failed' ? ['the pod has ended'] : []),
  ...(level !== null && !admits(level, profile)
    ? [
        `the namespace enforces PodSecurity ${level}, which refuses the profile ${profile}; ${profileFor(level)} passes`,
      ]
    : []),
];

const dangersOf = (
  pod: PodNow,
  { profile, target }: Chosen,
  level: PodSecurity | null,
  life: Milliseconds,
) => {
  const own = pod.ephemeral.length;
  return [
    'It is permanent: an ephemeral container stays in the pod until the pod is gone, also when it has ended.',
    `Profile ${profile}: ${profileWords[profile]}.`,
    ...(target === null
      ? ['It joins no processes: only the network and the volumes that the pod shares.']
      : [`It joins the processes of ${target.name}.`]),
    ...(own === 0
      ? []
      : [
          `The pod has ${own} ephemeral container${own === 1 ? '' : 's'} already; admission judges all of them again.`,
        ]),
    ...(level === null
      ? ['What PodSecurity the namespace enforces could not be read: the dry run will tell.']
      : []),
    `A session that is forgotten ends by itself after ${Math.ceil(life / 60_000)} minutes; its memory counts for the pod.`,
  ];
};

const attachTo = (namespace: string, pod: string, container: string): EffectRequest => ({
  kind: 'attach',
  namespace,
  pod,
  container,
  tty: true,
});

const rightsOf = (namespace: string, pod: string, adds: boolean): ActPlan['rights'] => {
  const right = (verb: string, resource: string) => ({
    verb,
    group: '',
    resource,
    namespace,
    name: pod,
  });
  return [
    right('get', 'pods'),
    ...(adds ? [right('patch', 'pods/ephemeralcontainers')] : []),
    // Servers before 1.35 ask for the first, later ones for both.
    right('get', 'pods/attach'),
    right('create', 'pods/attach'),
  ];
};

/** One of ours that still runs, with the same image and target: nothing has to be added. */
const reusable = (pod: PodNow, { image, target }: Chosen): string | null =>
  pod.ephemeral.find(
    (e) => e.ours && e.running && e.image === image && e.target === (target?.name ?? ''),
  )?.name ?? null;

const drafted = (
  subject: Extract<Intent['subject'], { kind: 'object' }>,
  intent: Intent,
  pod: PodNow,
  level: PodSecurity | null,
  scene: PlanScene,
  life: Milliseconds,
): Result<PlanDraft> => {
  const wish = chosen(intent, pod, scene, level);
  if (!wish.ok) return wish;
  const { namespace, name } = subject;
  const running = intent.args.reuse === 'no' ? null : reusable(pod, wish.value);
  const common = {
    subject: { ...subject, uid: subject.uid ?? pod.uid },
    effect: 'session' as const,
    typed: name,
    bounds: { time: sessionTime, bytes: mib(64) },
  };
  if (running !== null) {
    return ok({
      ...common,
      title: `join ${running}, which runs in pod ${namespace}/${name} already`,
      requests: [attachTo(namespace, name, running)],
      rights: rightsOf(namespace, name, false),
      dangers: ['Nothing is added; whoever else is joined sees what is typed.'],
      refusals: [],
      weight: noWeight,
    });
  }
  const { profile, target, image } = wish.value;
  const path = podPath(namespace, name);
  const container = debugContainer({
    name: `${debugPrefix}${scene.nonce}`,
    image,
    profile,
    target: target?.name ?? null,
    user: target?.user ?? pod.user,
    nonRoot: pod.nonRoot,
    life,
    by: scene.person,
    reason: intent.args.reason ?? '',
  });
  return ok({
    ...common,
    title: `add a debug container to pod ${namespace}/${name}`,
    requests: [
      patchOf(path, pod.uid, container, true),
      patchOf(path, pod.uid, container, false),
      attachTo(namespace, name, `${debugPrefix}${scene.nonce}`),
    ],
    rights: rightsOf(namespace, name, true),
    dangers: dangersOf(pod, wish.value, level, life),
    refusals: refusalsOf(pod, wish.value, level),
    weight: { ...noWeight, images: [image] },
  });
};

const prepare = async (
  intent: Intent,
  scene: PlanScene,
  reads: EffectReads,
  life: Milliseconds,
  signal: AbortSignal,
): Promise<Result<PlanDraft>> => {
  const { subject } = intent;
  if (subject.kind !== 'object' || subject.resource !== 'pods') {
    return wrong('a debug container is added to a pod');
  }
  const [pod, level] = await Promise.all([
    readPodNow(reads, subject.namespace, subject.name, signal),
    readPodSecurity(reads, subject.namespace, signal),
  ]);
  if (!pod.ok) return pod;
  return drafted(subject, intent, pod.value, level, scene, life);
};

/** Adds a debug container to a running pod, which lives as long as given, and joins the person's terminal to it. */
export const debugFor = (life: Milliseconds): ActionDefinition => ({
  id: 'debug',
  title: 'debug',
  keys: ['s'],
  aliases: ['shell'],
  resources: ['pods'],
  effect: 'session',
  shown: true,
  elsewhere: 'kubectl debug -n {namespace} {name} --profile=restricted -it --image=…',
  inputs: [],
  plan: () => wrong('the pod has to be read first: this needs a cluster'),
  prepare: (intent, scene, reads, signal) => prepare(intent, scene, reads, life, signal),
  perform: performDebug,
});

export const debug = debugFor(debugLife);
