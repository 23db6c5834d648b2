import { z } from 'zod';

/**
 * Somebody has seen an alert and takes care of it. It is our own note: it silences nothing, and the next time the
 * alert fires it does not count any more.
 */
export const acknowledgementSchema = z.object({
  fingerprint: z.string().max(1000),
  /** Name of the alert, for those who read the note without the alert. */
  name: z.string().max(1000),
  /** Epoch milliseconds. It counts for an alert that had begun by then. */
  at: z.number(),
  by: z.string().max(200),
  note: z.string().max(2000),
  /** True takes an earlier one back. */
  withdrawn: z.boolean(),
});
export type Acknowledgement = Readonly<z.infer<typeof acknowledgementSchema>>;
