import { z } from 'zod';
import { pinnedImage } from '../actions/guards/image-allow-list.ts';
import { parseDuration } from '../kernel/duration.ts';

const text = z.string().min(1).max(1000);
const globs = z.array(text).max(200);

/** `2Mi`, `512Ki`, `1Gi`, or bytes; null when it is none of these. */
export const parseSize = (written: string): number | null => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|)$/.exec(written) ?? [];
  const units: Readonly<Record<string, number>> = {
    '': 1,
    Ki: 1024,
    Mi: 1024 ** 2,
    Gi: 1024 ** 3,
  };
  const size = Math.floor(Number(number) * (units[unit] ?? 1));
  return Number.isSafeInteger(size) && size > 0 ? size : null;
};

const duration = z
  .string()
  .refine((t) => parseDuration(t) !== null, { message: 'write a time such as 15m or 1h' });
const size = z
  .string()
  .refine((t) => parseSize(t) !== null, { message: 'write a size such as 512Ki or 2Mi' });
const count = z.number().int().min(0).max(1_000_000);

const logsSchema = z.strictObject({
  since: duration.optional().meta({ description: 'How far back where nothing is said.' }),
  sinceMax: duration.optional().meta({ description: 'How far back at most.' }),
  tailMax: count.min(1).optional().meta({ description: 'Lines of a container at most.' }),
  bytesMax: size.optional().meta({ description: 'Bytes of a container at most, as `2Mi`.' }),
  followMax: duration.optional().meta({
    description: 'How long new lines are waited for before somebody has to ask again.',
  }),
  streamsMax: count.min(1).optional().meta({ description: 'Streams at once at most.' }),
  budget: size.optional().meta({ description: 'Bytes of a session, all questions together.' }),
  override: z.enum(['never', 'reason', 'second-person']).optional().meta({
    description: 'What opens one question beyond `sinceMax`.',
  }),
  newest: count.optional().meta({
    description: 'The newest lines whenever they were, at most so many; 0: not at all.',
  }),
});

const matchSchema = z.strictObject({
  contexts: globs.optional().meta({ description: 'Contexts, with * as wildcard. Default: all.' }),
  namespaces: globs.optional().meta({
    description:
      'Namespaces, with * as wildcard. Default: all, and nodes and etcd, which have none.',
  }),
  labels: text.optional().meta({
    description: 'Selector of labels of the namespace, as `tier=payments,env in (prod)`.',
  }),
});

/** One class of places, and what holds there. */
export const classSchema = z.strictObject({
  name: text.max(100).meta({ description: 'What it is called on the screen.' }),
  match: matchSchema.optional().meta({ description: 'Where it holds. Default: everywhere.' }),
  base: z.enum(['usual', 'production']).optional().meta({
    description:
      'Where what is not set here comes from. Default: `production` in production contexts.',
  }),
  mode: z.enum(['read-only', 'guarded']).optional().meta({
    description: 'Whether something can be changed without breaking the glass.',
  }),
  logs: logsSchema.optional().meta({ description: 'How far logs are read.' }),
  deny: globs.optional().meta({ description: 'Actions that are denied, with * as wildcard.' }),
  ask: globs.optional().meta({ description: 'Actions that have to be agreed to, reads too.' }),
  allow: globs.optional().meta({
    description: 'Actions that are allowed. What stands on none of the lists is denied.',
  }),
  challenge: z.enum(['key', 'name', 'reason', 'second-person']).optional().meta({
    description: 'How changes are agreed to. In production the name is always typed as well.',
  }),
  secondPerson: globs.optional().meta({
    description: 'Actions that need another person, with * as wildcard.',
  }),
  images: z
    .array(
      text.refine((image) => pinnedImage(image) !== null, {
        message: 'write an image with its digest, as name@sha256:…',
      }),
    )
    .max(100)
    .optional()
    .meta({ description: 'Images of debug containers by digest; the first is the default.' }),
  rate: count.optional().meta({ description: 'Changes in a minute at most.' }),
  podsMax: count.optional().meta({ description: 'Pods that are touched at once at most.' }),
  windowRequired: z.boolean().optional().meta({
    description: 'Changes need an open window, also where no calendar is about them.',
  }),
});

/** One change window. */
export const windowSchema = z.strictObject({
  name: text.max(100).meta({ description: 'What it is called on the screen.' }),
  kind: z.enum(['allow', 'deny']).meta({
    description:
      '`deny`: no changes while it is open. `allow`: changes only while one of these is open.',
  }),
  schedule: text.meta({
    description: 'When it opens: minute, hour, day, month, day of the week, as in cron.',
  }),
  duration: text.meta({ description: 'How long, on the wall clock: `8h`, `2d12h`.' }),
  timeZone: text.optional().meta({ description: 'As `Europe/Madrid`. Default UTC.' }),
  contexts: globs.optional().meta({ description: 'Contexts, with * as wildcard. Default: all.' }),
  namespaces: globs.optional().meta({
    description: 'Namespaces, with * as wildcard. Default: all, and what has none.',
  }),
  actions: globs.optional().meta({ description: 'Actions, with * as wildcard. Default: all.' }),
});

const approverSchema = z.strictObject({
  name: text.max(200).meta({ description: 'Who it is.' }),
  publicKey: z
    .string()
    .min(1)
    .max(4000)
    .meta({ description: 'Key that checks what they sign; it is no secret.' }),
});

/** What may be done where, and when. */
export const policyConfigSchema = z.strictObject({
  classes: z.array(classSchema).max(200).optional().meta({
    description: 'Kinds of places; the first that matches holds.',
  }),
  windows: z.array(windowSchema).max(200).optional().meta({
    description: 'Change windows of our own, besides those of Argo CD.',
  }),
  approvers: z.array(approverSchema).max(200).optional().meta({
    description: 'Other people who may agree to what needs two.',
  }),
});
export type PolicyConfig = z.infer<typeof policyConfigSchema>;
