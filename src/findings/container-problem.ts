import type { Event } from '../probes/events.ts';
import type { Container, ContainerEnd } from '../probes/pod-containers.ts';
import { exitText } from './exit-code.ts';
import { tellingWords } from './telling-words.ts';

/** What kind of trouble it is: pods of one workload are counted by it. */
export type TroubleKind =
  | 'config'
  | 'image'
  | 'crash'
  | 'oom'
  | 'init'
  | 'unready'
  | 'gate'
  | 'unscheduled'
  | 'creating'
  | 'terminating'
  | 'evicted'
  | 'failed'
  | 'restarted'
  | 'node-lost';

export interface ContainerProblem {
  readonly kind: TroubleKind;
  readonly reason: string;
  readonly detail: string;
}

const imageReasons = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const configReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCannotRun',
  'PreStartHookError',
  'PostStartHookError',
  'PreCreateHookError',
  'CreatePodSandboxError',
  'KillContainerError',
]);

/** What registries say, in words; the first that matches. */
const registryWords: readonly (readonly [RegExp, string])[] = [
  [/toomanyrequests|too many requests|\b429\b|rate limit/i, 'registry limits the rate'],
  [
    /unauthorized|authentication required|denied|forbidden|\b40[13]\b/i,
    'registry denies access, or there is no such image',
  ],
  [/not found|manifest unknown|no such image|\b404\b/i, 'no such image or tag'],
  [/x509|certificate/i, 'registry certificate is not trusted'],
  [
    /no such host|dial tcp|i\/o timeout|connection refused|deadline exceeded|\b5\d\d\b/i,
    'registry cannot be reached',
  ],
  [/no space left/i, 'no space left on the node'],
  [/no match for platform|exec format/i, 'image is not for this architecture'],
];

/** The latest event about this container, or about the pod, with one of the reasons. */
export const eventFor = (
  events: readonly Event[],
  reasons: readonly string[],
  container = '',
): Event | undefined =>
  events.find(
    (e) =>
      reasons.includes(e.reason) &&
      (container === '' ||
        e.about.fieldPath === '' ||
        e.about.fieldPath.includes(`{${container}}`)),
  );

const imageProblem = (c: Container, events: readonly Event[]): ContainerProblem => {
  const event = events.find(
    (e) => e.reason === 'Failed' && e.message.startsWith('Failed to pull image'),
  );
  // A back-off that only repeats the name of the image says nothing that the event does not say better.
  const silent = c.message === '' || /^Back-off pulling image "[^"]*"$/.test(c.message);
  const detail = silent ? (event?.message ?? c.message) : c.message;
  const words = registryWords.find(([pattern]) => pattern.test(detail))?.[1];
  // The kubelet goes to and fro between trying and waiting; that is one trouble, with one name.
  const name = c.reason === 'ErrImagePull' ? 'ImagePullBackOff' : c.reason;
  return { kind: 'image', reason: words === undefined ? name : `${name}: ${words}`, detail };
};

const endProblem = (
  c: Container,
  end: ContainerEnd | null,
  events: readonly Event[],
): ContainerProblem => {
  // Between two back-offs it runs or has just ended; that does not make it another trouble.
  const looping = c.reason === 'CrashLoopBackOff' || c.restarts > 0 ? 'CrashLoopBackOff' : '';
  if (end === null)
    return { kind: 'crash', reason: looping || c.reason, detail: tellingWords(c.message) };
  const killed = eventFor(events, ['Unhealthy'], c.name);
  const probed = killed !== undefined && /^(Liveness|Startup)/.test(killed.message);
  const how = exitText(end);
  return {
    kind: end.reason === 'OOMKilled' ? 'oom' : 'crash',
    reason: [looping, probed && end.message === '' ? `killed by its probe, ${how}` : how]
      .filter((t) => t !== '')
      .join(', '),
    detail: end.message !== '' ? tellingWords(end.message) : probed ? killed.message : '',
  };
};

const endOf = (c: Container): ContainerEnd | null =>
  c.state === 'terminated'
    ? { reason: c.reason, exitCode: c.exitCode ?? 0, message: c.message, finishedAt: c.finishedAt }
    : c.last;

/** What is wrong with one container of a pod, or null when the container itself gives no reason. */
export const containerProblem = (
  c: Container,
  events: readonly Event[],
): ContainerProblem | null => {
  if (c.kind === 'ephemeral' || c.state === 'running' || c.state === 'unknown') return null;
  if (c.state === 'waiting') {
    if (imageReasons.has(c.reason)) return imageProblem(c, events);
    if (c.reason === 'CrashLoopBackOff') return endProblem(c, endOf(c), events);
    if (configReasons.has(c.reason)) return { kind: 'config', reason: c.reason, detail: c.message };
    return null;
  }
  if (c.exitCode === 0) return null;
  return endProblem(c, endOf(c), events);
};

/** A container that runs again, so shortly after it ended badly that this proves nothing; null for all others. */
export const relapsing = (
  c: Container,
  endedAfter: number,
  events: readonly Event[],
): ContainerProblem | null => {
  const end = c.kind === 'init' || c.kind === 'ephemeral' ? null : recentEnd(c, endedAfter);
  return end === null ? null : endProblem(c, end, events);
};

/** How a container that runs now ended the last time, if that was not well and not before `after`. */
export const recentEnd = (c: Container, after: number): ContainerEnd | null =>
  c.last !== null &&
  (c.last.finishedAt ?? 0) > after &&
  (c.last.exitCode !== 0 || c.last.reason === 'OOMKilled')
    ? c.last
    : null;
