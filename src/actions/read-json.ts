import type { EffectReads } from '../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';

export type Json = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
export const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** GET of one object or list. */
export const readJson = async (
  reads: Pick<EffectReads, 'kubernetes'>,
  path: string,
  signal: AbortSignal,
): Promise<Result<Json>> => {
  const read = await reads.kubernetes(path, signal);
  if (!read.ok) return read;
  try {
    return ok(asRecord(JSON.parse(read.value)));
  } catch {
    return failed(failure('undecodable', 'read', 'the answer is not JSON', { on: path }));
  }
};
