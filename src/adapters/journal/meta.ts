import { z } from 'zod';
import { parseClean, unpack } from './codec.ts';

/** What a recording says about itself: when and by what it was begun, and that it was ended in order. */
export const metaSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('began'),
    program: z.string(),
    at: z.number(),
    /** What it is about, in a sentence. */
    title: z.string().optional(),
    /** Label of the mark at which a viewer begins; without it, at the first entry. */
    opensAt: z.string().optional(),
  }),
  z.object({ kind: z.literal('ended'), at: z.number() }),
]);
export type Meta = z.infer<typeof metaSchema>;

/** What a person says of a recording before it begins. */
export type About = Pick<Extract<Meta, { kind: 'began' }>, 'title' | 'opensAt'>;

/** Null for what a later version may have added. */
export const readMeta = (payload: Uint8Array): Meta | null => {
  const text = unpack(payload);
  if (!text.ok) return null;
  const parsed = metaSchema.safeParse(parseClean(text.value.toString('utf8')));
  return parsed.success ? parsed.data : null;
};
