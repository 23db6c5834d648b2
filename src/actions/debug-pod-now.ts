import type { EffectReads } from '../kernel/effect-ports.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { debugPrefix } from './debug-container.ts';
import type { PodSecurity } from './debug-profile.ts';
import { asList, asNumber, asRecord, asText, type Json, readJson } from './read-json.ts';

export interface EphemeralNow {
  readonly name: string;
  readonly image: string;
  readonly target: string;
  readonly running: boolean;
  readonly ours: boolean;
}

/** A pod as it is now, as far as a debug container needs to know it. */
export interface PodNow {
  readonly uid: string;
  /** A static pod's mirror: the node made it from a file, and nothing can be added to it. */
  readonly isMirror: boolean;
  readonly phase: string;
  /** As whom its containers run that do not say otherwise; null where it has no word of its own. */
  readonly user: number | null;
  /** It lets nobody run as root in it. */
  readonly nonRoot: boolean;
  readonly node: string;
  readonly containers: readonly ContainerNow[];
  /** Container that people mean when they name none. */
  readonly usual: string;
  readonly ephemeral: readonly EphemeralNow[];
}

export interface ContainerNow {
  readonly name: string;
  readonly running: boolean;
  /** As whom it runs, the pod's word where it has none; null where nobody says. */
  readonly user: number | null;
}

const isRunning = (status: unknown): boolean =>
  asRecord(asRecord(status).state).running !== undefined;

const statusesOf = (pod: Json, field: string): ReadonlyMap<string, unknown> =>
  new Map(asList(asRecord(pod.status)[field]).map((s) => [asText(asRecord(s).name), s]));

const userOf = (of: unknown): number | null =>
  asNumber(asRecord(asRecord(of).securityContext).runAsUser);

export const podNowOf = (pod: Json): PodNow => {
  const metadata = asRecord(pod.metadata);
  const annotations = asRecord(metadata.annotations);
  const spec = asRecord(pod.spec);
  const statuses = statusesOf(pod, 'containerStatuses');
  const ephemeralStatuses = statusesOf(pod, 'ephemeralContainerStatuses');
  const containers = asList(spec.containers).map((one): ContainerNow => {
    const name = asText(asRecord(one).name);
    return { name, running: isRunning(statuses.get(name)), user: userOf(one) ?? userOf(spec) };
  });
  const named = asText(annotations['kubectl.kubernetes.io/default-container']);
  return {
    uid: asText(metadata.uid),
    isMirror: annotations['kubernetes.io/config.mirror'] !== undefined,
    phase: asText(asRecord(pod.status).phase),
    user: userOf(spec),
    nonRoot: asRecord(spec.securityContext).runAsNonRoot === true,
    node: asText(spec.nodeName),
    containers,
    usual: containers.some((c) => c.name === named) ? named : (containers[0]?.name ?? ''),
    ephemeral: asList(spec.ephemeralContainers).map((one): EphemeralNow => {
      const { name, image, targetContainerName } = asRecord(one);
      return {
        name: asText(name),
        image: asText(image),
        target: asText(targetContainerName),
        running: isRunning(ephemeralStatuses.get(asText(name))),
        ours: asText(name).startsWith(debugPrefix),
      };
    }),
  };
};

export const podPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;

export const readPodNow = async (
  reads: Pick<EffectReads, 'kubernetes'>,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Result<PodNow>> => {
  const pod = await readJson(reads, podPath(namespace, name), signal);
  return pod.ok ? ok(podNowOf(pod.value)) : pod;
};

/** What the namespace enforces; where it cannot be read, null. */
export const readPodSecurity = async (
  reads: Pick<EffectReads, 'kubernetes'>,
  namespace: string,
  signal: AbortSignal,
): Promise<PodSecurity | null> => {
  const read = await readJson(reads, `/api/v1/namespaces/${encodeURIComponent(namespace)}`, signal);
  if (!read.ok) return null;
  const labels = asRecord(asRecord(read.value.metadata).labels);
  const level = asText(labels['pod-security.kubernetes.io/enforce']);
  return level === 'baseline' || level === 'restricted' ? level : 'privileged';
};
