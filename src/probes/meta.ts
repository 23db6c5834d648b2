import { z } from 'zod';
import { int, metadata, msg, type Read, strMap } from '../kernel/shape.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { epochSchema, labelsSchema, type Parsed } from './schema.ts';

export const ownerSchema = z.object({ kind: z.string(), name: z.string(), uid: z.string() });
export type Owner = Parsed<typeof ownerSchema>;

/** What every slim object says about itself. */
export const metaSchema = z.object({
  uid: z.string(),
  /** '' for cluster-scoped kinds. */
  namespace: z.string(),
  name: z.string(),
  /** 0 when the server did not say. */
  created: epochSchema,
  labels: labelsSchema,
});
export type Meta = Parsed<typeof metaSchema>;

type ReadMetadata = Read<(typeof metadata)['fields']>;

export const noLabels: Readonly<Record<string, string>> = {};
export const noStrings: readonly string[] = [];

export const meta = (m: ReadMetadata = {}): Meta => ({
  uid: m.uid ?? '',
  namespace: m.namespace ?? '',
  name: m.name ?? '',
  created: epochMs(m.creationTimestamp ?? 0),
  labels: m.labels ?? noLabels,
});

/** The controller, else the first owner, else null. */
export const ownerOf = (m: ReadMetadata = {}): Owner | null => {
  const all = m.ownerReferences ?? [];
  const owner = all.find((o) => o.controller === true) ?? all[0];
  return owner === undefined
    ? null
    : { kind: owner.kind ?? '', name: owner.name ?? '', uid: owner.uid ?? '' };
};

/** Since when the object is being deleted; null when it is not. */
export const deletingSince = (m: ReadMetadata = {}): EpochMs | null =>
  epochOrNull(m.deletionTimestamp);

export const epochOrNull = (at: number | undefined): EpochMs | null =>
  at === undefined || at === 0 ? null : epochMs(at);

/** Metadata of kinds that roll out: their generation, and the revision that the deployment controller notes. */
export const rolledMetadata = msg(1, {
  ...metadata.fields,
  generation: int(7),
  annotations: strMap(12, ['deployment.kubernetes.io/revision']),
});

/** Longest text kept of a message; a termination message may be 4 kB, a condition's 32 kB, of every pod. */
const messageLimit = 600;

/** A message as it is kept: one line, no control characters, bounded. */
export const brief = (text: string | undefined): string =>
  text === undefined ? '' : clip(plainText(text.trim()), messageLimit);

/** Of the end of a longer text more is kept than of its beginning: a log ends with why. */
const endKept = 800;

/**
 * Last words of a container as they are kept. They may be the end of its log, and what ended it stands last there:
 * of those that are too long the beginning and the end are kept.
 */
export const lastWords = (text: string | undefined): string => {
  const whole = plainText((text ?? '').trim());
  if (whole.length <= messageLimit) return whole;
  const end = plainText(whole.slice(-endKept));
  const beginning = clip(whole, Math.min(messageLimit - 400, whole.length - endKept));
  return beginning.length <= 1 ? end : `${beginning} ${end}`;
};
