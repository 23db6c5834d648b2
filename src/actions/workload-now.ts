import type { EffectReads } from '../kernel/effect-ports.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import type { Workload } from '../probes/workload.ts';
import type { PlannedObject } from './planned-object.ts';
import { asList, asNumber, asRecord, asText, type Json, readJson } from './read-json.ts';

/** What counts of a workload for a change of it. */
export interface WorkloadNow {
  readonly uid: string;
  readonly desired: number;
  readonly paused: boolean;
  /** `RollingUpdate`, `Recreate`, `OnDelete`; '' where it is not known. */
  readonly strategy: string;
  /** As written: `25%`, `1`; '' where it is not known. */
  readonly maxUnavailable: string;
}

/** As the world has it. */
export const workloadSeen = ({ object }: Pick<PlannedObject, 'object'>): WorkloadNow => {
  const seen = object as Workload | undefined;
  return {
    uid: seen?.uid ?? '',
    desired: seen?.desired ?? 0,
    paused: seen?.paused ?? false,
    strategy: '',
    maxUnavailable: '',
  };
};

const workloadIn = (answer: Json): WorkloadNow => {
  const spec = asRecord(answer.spec);
  const status = asRecord(answer.status);
  const strategy = asRecord(spec.strategy ?? spec.updateStrategy);
  const most = asRecord(strategy.rollingUpdate).maxUnavailable;
  return {
    uid: asText(asRecord(answer.metadata).uid),
    desired: asNumber(spec.replicas) ?? asNumber(status.desiredNumberScheduled) ?? 0,
    paused: spec.paused === true,
    strategy: plainText(asText(strategy.type)),
    maxUnavailable:
      typeof most === 'string' || typeof most === 'number' ? plainText(String(most)) : '',
  };
};

/** As the server has it now. */
export const workloadNow = async (
  { path }: Pick<PlannedObject, 'path'>,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<Result<WorkloadNow>> => {
  const read = await readJson(reads, path, signal);
  return read.ok ? ok(workloadIn(read.value)) : read;
};

/** What is said of an autoscaler that sets the number of replicas; [] when none does. */
export const autoscalers = async (
  { subject, ref }: Pick<PlannedObject, 'subject' | 'ref'>,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const space = encodeURIComponent(subject.namespace);
  const path = `/apis/autoscaling/v2/namespaces/${space}/horizontalpodautoscalers?limit=500`;
  const read = await readJson(reads, path, signal);
  if (!read.ok) return ['Whether an autoscaler sets the number again is not known.'];
  return asList(read.value.items).flatMap((item) => {
    const { metadata, spec } = asRecord(item);
    const { scaleTargetRef, minReplicas, maxReplicas } = asRecord(spec);
    const target = asRecord(scaleTargetRef);
    if (target.kind !== ref.kind || target.name !== subject.name) return [];
    const name = plainText(asText(asRecord(metadata).name));
    const least = asNumber(minReplicas) ?? 1;
    return [
      `Autoscaler ${name} sets it to between ${least} and ${asNumber(maxReplicas) ?? '?'}, and may undo this.`,
    ];
  });
};
