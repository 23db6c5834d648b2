import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type Milliseconds, milliseconds, minutes, seconds, since } from '../../kernel/units.ts';
import { type EtcdPod, podsIn } from './etcd-pod.ts';

/** Static pods of etcd carry this label on every cluster that kubeadm or its likes have made. */
const path = '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Detcd';
const op = 'look for pods of etcd';

const whileTroubled: Milliseconds = seconds(60);
const whileWell: Milliseconds = minutes(10);
/** Before the first answer: the API server may be about to come back. */
const soonest: Milliseconds = seconds(5);

export interface DiscoveryOptions {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Clock;
  /** Whether a member is missing or down, which may be news about its pod. */
  readonly troubled: () => boolean;
  readonly found: (pods: readonly EtcdPod[]) => void;
  readonly failed: (why: Failure) => void;
}

const lookFor = async (
  kubernetes: Pick<KubernetesPort, 'get'>,
  signal: AbortSignal,
): Promise<Result<readonly EtcdPod[]>> => {
  const answer = await kubernetes.get(path, signal);
  if (!answer.ok) {
    const why = answer.failure;
    const forbidden = why.kind === 'forbidden';
    return failed({
      ...why,
      op,
      on: 'kube-system',
      ...(forbidden
        ? {
            hint: 'allow `list pods` in kube-system, or name the members under `etcd:` in the configuration',
          }
        : {}),
    });
  }
  const pods = podsIn(answer.value);
  return pods === null
    ? failed(failure('undecodable', op, 'the list of pods cannot be read', { on: 'kube-system' }))
    : ok(pods);
};

/** Looks for pods of etcd, again and again, until the signal aborts. Tells a failure when it is another than before. */
export const discover = async (
  { kubernetes, clock, troubled, found, failed: tell }: DiscoveryOptions,
  signal: AbortSignal,
): Promise<void> => {
  let told = '';
  let wait = soonest;
  while (!signal.aborted) {
    const looked = await lookFor(kubernetes, signal);
    if (signal.aborted) return;
    const began = clock.now();
    if (looked.ok) {
      told = '';
      wait = whileTroubled;
      found(looked.value);
      // What turns up meanwhile is asked about within a minute, not within ten.
      do await clock.sleep(whileTroubled, signal);
      while (!signal.aborted && !troubled() && since(began, clock.now()) < whileWell);
      continue;
    }
    const { kind, message } = looked.failure;
    if (told !== `${kind} ${message}`) tell(looked.failure);
    told = `${kind} ${message}`;
    await clock.sleep(kind === 'forbidden' ? whileWell : wait, signal);
    wait = milliseconds(Math.min(wait * 2, whileTroubled));
  }
};
