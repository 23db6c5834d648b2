import { z } from 'zod';
import { msg, msgs, type Read, str, strMap, time } from '../kernel/shape.ts';
import { conditionSchema } from './condition.ts';
import {
  deletingSince,
  meta,
  metaSchema,
  noStrings,
  ownerOf,
  ownerSchema,
  type rolledMetadata,
} from './meta.ts';
import { countSchema, epochSchema, labelsSchema, type Parsed } from './schema.ts';

/** What Deployments, ReplicaSets, StatefulSets and DaemonSets have in common. */
export const workloadSchema = metaSchema.extend({
  owner: ownerSchema.nullable(),
  desired: countSchema,
  ready: countSchema,
  /** Of the newest template. */
  updated: countSchema,
  available: countSchema,
  unavailable: countSchema,
  generation: countSchema,
  /** The generation that the counts are about; behind `generation` while the controller has not looked yet. */
  observed: countSchema,
  paused: z.boolean(),
  /** matchLabels of the selector. */
  selector: labelsSchema,
  /** The deployment controller's number of the rollout; '' elsewhere. */
  revision: z.string(),
  images: z.array(z.string()),
  conditions: z.array(conditionSchema),
  deleting: epochSchema.nullable(),
});
export type Workload = Parsed<typeof workloadSchema>;

export const selectorField = (n: number) => msg(n, { matchLabels: strMap(1) });
export const templateField = (n: number) =>
  msg(n, { spec: msg(2, { containers: msgs(2, { image: str(2) }) }) });

/** Conditions of the kinds in the apps group; Deployments number theirs differently. */
export const appsConditions = (n: number) =>
  msgs(n, {
    type: str(1),
    status: str(2),
    lastTransitionTime: time(3),
    reason: str(4),
    message: str(5),
  });

const noSelector: Readonly<Record<string, string>> = {};

/** The part that is the same for all: who it is, what it selects, what it runs. */
export const workloadBase = (
  metadata: Read<(typeof rolledMetadata)['fields']> | undefined,
  selector: Read<ReturnType<typeof selectorField>['fields']> | undefined,
  template: Read<ReturnType<typeof templateField>['fields']> | undefined,
) => ({
  ...meta(metadata),
  owner: ownerOf(metadata),
  generation: metadata?.generation ?? 0,
  selector: selector?.matchLabels ?? noSelector,
  revision: metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? '',
  images: template?.spec?.containers?.flatMap((c) => c.image ?? []) ?? noStrings,
  deleting: deletingSince(metadata),
});
