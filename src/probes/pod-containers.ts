import { z } from 'zod';
import { brief, epochOrNull, lastWords } from './meta.ts';
import type { ReadContainerStatus, ReadPod, ReadTerminated } from './pod-fields.ts';
import { isSidecar } from './pod-status.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

const endSchema = z.object({
  reason: z.string(),
  exitCode: countSchema,
  message: z.string(),
  finishedAt: epochSchema.nullable(),
});

export const containerSchema = z.object({
  name: z.string(),
  kind: z.enum(['main', 'init', 'sidecar', 'ephemeral']),
  image: z.string(),
  ready: z.boolean(),
  restarts: countSchema,
  /** `unknown` until the kubelet has said something about it. */
  state: z.enum(['running', 'waiting', 'terminated', 'unknown']),
  /** Of the present state: why it waits or ended. */
  reason: z.string(),
  message: z.string(),
  /** Null while it has not ended. */
  exitCode: countSchema.nullable(),
  startedAt: epochSchema.nullable(),
  /** When it ended; null while it has not. */
  finishedAt: epochSchema.nullable(),
  /** How the run before this one ended. */
  last: endSchema.nullable(),
});
export type Container = Parsed<typeof containerSchema>;
export type ContainerEnd = Parsed<typeof endSchema>;

const end = (t: ReadTerminated): ContainerEnd => ({
  reason: t.reason ?? '',
  exitCode: t.exitCode ?? 0,
  message: lastWords(t.message),
  finishedAt: epochOrNull(t.finishedAt),
});

type State = Pick<
  Container,
  'state' | 'reason' | 'message' | 'exitCode' | 'startedAt' | 'finishedAt'
>;

const still = { reason: '', message: '', exitCode: null, startedAt: null, finishedAt: null };

const stateOf = (state: ReadContainerStatus['state']): State => {
  if (state?.terminated !== undefined) {
    const startedAt = epochOrNull(state.terminated.startedAt);
    return { state: 'terminated', ...end(state.terminated), startedAt };
  }
  if (state?.running !== undefined) {
    return { ...still, state: 'running', startedAt: epochOrNull(state.running.startedAt) };
  }
  if (state?.waiting !== undefined) {
    const { reason = '', message } = state.waiting;
    return { ...still, state: 'waiting', reason, message: brief(message) };
  }
  return { ...still, state: 'unknown' };
};

interface Declared {
  readonly name?: string;
  readonly image?: string;
}

const container = (
  kind: Container['kind'],
  declared: Declared,
  said: readonly ReadContainerStatus[],
): Container => {
  const status = said.find((s) => s.name === declared.name);
  const { state, reason, message, exitCode, startedAt, finishedAt } = stateOf(status?.state);
  const last = status?.lastState?.terminated;
  return {
    name: declared.name ?? '',
    kind,
    image: declared.image ?? '',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state,
    reason,
    message,
    exitCode,
    startedAt,
    finishedAt,
    last: last === undefined ? null : end(last),
  };
};

/** Every container that the pod declares, with what the kubelet says of it: init first, then main, then ephemeral. */
export const containersOf = ({ spec = {}, status = {} }: ReadPod): readonly Container[] => [
  ...(spec.initContainers ?? []).map((c) =>
    container(isSidecar(c) ? 'sidecar' : 'init', c, status.initContainerStatuses ?? []),
  ),
  ...(spec.containers ?? []).map((c) => container('main', c, status.containerStatuses ?? [])),
  ...(spec.ephemeralContainers ?? []).map((c) =>
    container(
      'ephemeral',
      c.ephemeralContainerCommon ?? {},
      status.ephemeralContainerStatuses ?? [],
    ),
  ),
];
