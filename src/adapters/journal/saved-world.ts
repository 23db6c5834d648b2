import { z } from 'zod';
import { failureSchema } from '../../kernel/failure.ts';

const time = z.number();

const freshnessSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never') }),
  z.object({ kind: z.literal('fresh'), heard: time }),
  z.object({ kind: z.literal('stale'), since: time, why: z.string(), heard: time.nullable() }),
  z.object({
    kind: z.literal('failing'),
    since: time,
    failure: failureSchema,
    heard: time.nullable(),
  }),
]);

/** A world as `saveWorld` makes it. What is in a slice is for its probe to read. */
export const savedWorldSchema = z.object({
  rev: z.number().int().nonnegative(),
  at: time,
  origin: z.object({ cluster: z.string(), context: z.string(), by: z.string() }).nullable(),
  changes: z.array(
    z.object({
      rev: z.number(),
      at: time,
      probe: z.string(),
      key: z.string(),
      tone: z.enum(['bad', 'warn', 'good', 'info']),
      text: z.string(),
    }),
  ),
  slices: z.array(
    z.object({
      id: z.string(),
      scopes: z.array(z.tuple([z.string(), freshnessSchema])),
      state: z.unknown(),
    }),
  ),
});
