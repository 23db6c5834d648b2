import { z } from 'zod';
import { type EpochMs, epochMs } from '../../kernel/units.ts';

/** One run of a container, as far as its log is concerned. */
export interface RunSight {
  /** `containerd://…`; '' when the kubelet has not said it. */
  readonly id: string;
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
  /** Null while it runs. */
  readonly exitCode: number | null;
}

/** A container whose log can be asked for. */
export interface ContainerSight {
  readonly name: string;
  /** The run that the server answers with; null when none has begun. */
  readonly run: RunSight | null;
  /** The one before it; null when there is none. */
  readonly before: RunSight | null;
  readonly restarts: number;
  /** Why it waits, in the kubelet's words; '' when it does not. */
  readonly waits: string;
  /** Will not run again. */
  readonly over: boolean;
}

export interface PodSight {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly containers: readonly ContainerSight[];
}

const text = z.string().default('');
const time = text.transform((t): EpochMs | null => {
  const at = Date.parse(t);
  return Number.isNaN(at) ? null : epochMs(at);
});
const ended = z.object({
  containerID: text,
  startedAt: time,
  finishedAt: time,
  exitCode: z.number().default(0),
});
const state = z.object({
  running: z.object({ startedAt: time }).optional(),
  waiting: z.object({ reason: text, message: text }).optional(),
  terminated: ended.optional(),
});
const status = z.object({
  name: z.string(),
  containerID: text,
  restartCount: z.number().default(0),
  state: state.optional(),
  lastState: state.optional(),
});
const statuses = z.array(status).default([]);
const declared = z.array(z.object({ name: z.string(), restartPolicy: text })).default([]);

export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: text,
    uid: text,
    resourceVersion: text,
  }),
  spec: z.object({
    restartPolicy: text,
    initContainers: declared,
    containers: declared,
    ephemeralContainers: declared,
  }),
  status: z
    .object({
      phase: text,
      initContainerStatuses: statuses,
      containerStatuses: statuses,
      ephemeralContainerStatuses: statuses,
    })
    .prefault({}),
});
export type ReadPod = z.infer<typeof podSchema>;
type Status = z.infer<typeof status>;
type Ended = z.infer<typeof ended>;

const runOf = ({ containerID: id, startedAt, finishedAt, exitCode }: Ended): RunSight => ({
  id,
  startedAt,
  finishedAt,
  exitCode,
});

/** While a container waits to be started again, the server answers with the run that has ended. */
const runs = (said: Status | undefined): Pick<ContainerSight, 'run' | 'before'> => {
  const last = said?.lastState?.terminated;
  const before = last === undefined ? null : runOf(last);
  const { running, terminated } = said?.state ?? {};
  if (terminated !== undefined) return { run: runOf(terminated), before };
  if (running !== undefined) {
    const { startedAt } = running;
    const id = said?.containerID ?? '';
    return { run: { id, startedAt, finishedAt: null, exitCode: null }, before };
  }
  return { run: before, before };
};

type Ends = 'never' | 'on success' | 'always';

const isOver = (said: Status | undefined, ends: Ends): boolean => {
  const end = said?.state?.terminated;
  return end !== undefined && (ends === 'always' || (ends === 'on success' && end.exitCode === 0));
};

const waitsOf = (said: Status | undefined): string => {
  const { waiting, running, terminated } = said?.state ?? {};
  if (running !== undefined || terminated !== undefined) return '';
  if (waiting === undefined) return 'the kubelet has not said anything about it';
  return [waiting.reason, waiting.message].filter((t) => t !== '').join(': ');
};

const sightsOf = (
  names: ReadPod['spec']['containers'],
  said: readonly Status[],
  endsOf: (policy: string) => Ends,
): readonly ContainerSight[] =>
  names.map(({ name, restartPolicy }) => {
    const mine = said.find((s) => s.name === name);
    return {
      name,
      ...runs(mine),
      restarts: mine?.restartCount ?? 0,
      waits: waitsOf(mine),
      over: isOver(mine, endsOf(restartPolicy)),
    };
  });

/** What of a pod decides how its logs are read. */
export const podSight = ({ metadata, spec, status: said }: ReadPod): PodSight => {
  const { restartPolicy, initContainers, containers, ephemeralContainers } = spec;
  const main: Ends =
    said.phase === 'Succeeded' || said.phase === 'Failed' || restartPolicy === 'Never'
      ? 'always'
      : restartPolicy === 'OnFailure'
        ? 'on success'
        : 'never';
  const init = (policy: string): Ends =>
    policy === 'Always' ? 'never' : restartPolicy === 'Never' ? 'always' : 'on success';
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    containers: [
      ...sightsOf(initContainers, said.initContainerStatuses, init),
      ...sightsOf(containers, said.containerStatuses, () => main),
      ...sightsOf(ephemeralContainers, said.ephemeralContainerStatuses, () => 'always'),
    ],
  };
};
