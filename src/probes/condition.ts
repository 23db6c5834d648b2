import { z } from 'zod';
import { epochMs } from '../kernel/units.ts';
import { brief } from './meta.ts';
import { epochSchema, type Parsed } from './schema.ts';

export const conditionSchema = z.object({
  type: z.string(),
  /** `True`, `False` or `Unknown`. */
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  /** Last transition; 0 when the server did not say. */
  since: epochSchema,
});
export type Condition = Parsed<typeof conditionSchema>;

interface ReadCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: number;
}

export const condition = (c: ReadCondition): Condition => ({
  type: c.type ?? '',
  status: c.status ?? '',
  reason: c.reason ?? '',
  message: brief(c.message),
  since: epochMs(c.lastTransitionTime ?? 0),
});

const noConditions: readonly Condition[] = [];

export const conditions = (all: readonly ReadCondition[] | undefined): readonly Condition[] =>
  all === undefined ? noConditions : all.map(condition);

export const conditionOf = (
  o: { readonly conditions: readonly Condition[] } | undefined,
  type: string,
): Condition | undefined => o?.conditions.find((c) => c.type === type);

export const isTrue = (
  o: { readonly conditions: readonly Condition[] } | undefined,
  type: string,
): boolean => conditionOf(o, type)?.status === 'True';

/** Its message, or its reason where there is none. */
export const conditionText = (c: Pick<Condition, 'reason' | 'message'>): string =>
  c.message === '' ? c.reason : c.message;
