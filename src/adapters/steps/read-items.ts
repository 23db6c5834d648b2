import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type Json, jsonOf, listOf } from './object-cells.ts';

export interface ReadItems {
  readonly items: readonly Json[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

/** Objects at some paths, one after the other: of a list its items, else the object itself. The first failure ends it. */
export const readItems = async (
  kubernetes: Pick<KubernetesPort, 'get'>,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Result<ReadItems>> => {
  const items: Json[] = [];
  let more = false;
  for (const path of paths) {
    const answer = await kubernetes.get(path, signal);
    if (!answer.ok) return answer;
    try {
      const value = jsonOf(JSON.parse(answer.value));
      items.push(...(Array.isArray(value.items) ? listOf(value.items).map(jsonOf) : [value]));
      const { continue: rest } = jsonOf(value.metadata);
      more ||= typeof rest === 'string' && rest !== '';
    } catch {
      return failed(failure('undecodable', 'read', 'the answer is not valid JSON', { on: path }));
    }
  }
  return ok({ items, more });
};
