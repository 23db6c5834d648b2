import { z } from 'zod';
import { after, epochMs, seconds } from '../kernel/units.ts';
import { brief, epochOrNull } from './meta.ts';
import type { ReadContainer, ReadEphemeral, ReadPod } from './pod-fields.ts';
import { epochSchema, type Parsed } from './schema.ts';

/** Variables in which a debug container of midwatch says whose it is and why: it carries no labels. */
export const debugEnv = { by: 'MIDWATCH_BY', reason: 'MIDWATCH_REASON' } as const;

/** Annotations in which a debug pod of midwatch says the same. */
export const debugAnnotations = {
  by: 'midwatch.dev/by',
  reason: 'midwatch.dev/reason',
} as const;

const containerSchema = z.object({
  name: z.string(),
  /** Container whose processes it joined; '' for none. */
  target: z.string(),
  privileged: z.boolean(),
  capabilities: z.array(z.string()),
  /** What whoever started it has said; '' where nothing is said. */
  by: z.string(),
  reason: z.string(),
});

/** What a pod tells of those who look at something in it. */
export const podDebugSchema = z.object({
  /** Its ephemeral containers; of a debug pod its main ones too. */
  containers: z.array(containerSchema),
  /** The node stops the whole pod then; null where it does not. */
  deadline: epochSchema.nullable(),
});
export type PodDebug = Parsed<typeof podDebugSchema>;
export type DebugTold = PodDebug['containers'][number];

type Security = Pick<ReadContainer, 'name' | 'securityContext'>;

const mayOf = ({ name = '', securityContext = {} }: Security) => ({
  name,
  privileged: securityContext.privileged ?? false,
  capabilities: (securityContext.capabilities?.add ?? []).map(brief),
});

/** Two variables, and no others: what else stands there may be a secret. */
const toldIn = ({ ephemeralContainerCommon: c = {}, targetContainerName }: ReadEphemeral) => {
  const of = (name: string): string => brief(c.env?.find((e) => e.name === name)?.value);
  return {
    ...mayOf(c),
    target: targetContainerName ?? '',
    by: of(debugEnv.by),
    reason: of(debugEnv.reason),
  };
};

/** Undefined for the many pods that nobody debugs. */
export const podDebugOf = ({
  metadata = {},
  spec = {},
  status = {},
}: ReadPod): PodDebug | undefined => {
  const { annotations = {} } = metadata;
  const by = annotations[debugAnnotations.by];
  const ephemeral = spec.ephemeralContainers ?? [];
  if (by === undefined && ephemeral.length === 0) return undefined;
  const reason = brief(annotations[debugAnnotations.reason]);
  const main = by === undefined ? [] : (spec.containers ?? []);
  const started = epochOrNull(status.startTime);
  const lasts = by === undefined ? undefined : spec.activeDeadlineSeconds;
  return {
    containers: [
      ...main.map((c) => ({ ...mayOf(c), target: '', by: brief(by), reason })),
      ...ephemeral.map(toldIn),
    ],
    deadline:
      started === null || lasts === undefined ? null : after(epochMs(started), seconds(lasts)),
  };
};
