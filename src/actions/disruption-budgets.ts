import type { EffectReads } from '../kernel/effect-ports.ts';
import { failureText } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { asList, asNumber, asRecord, asText, type Json, readJson } from './read-json.ts';

export type Labels = Readonly<Record<string, string>>;

/** What budgets say to the loss of some pods. */
export interface Budgets {
  /** The least that any of them allows; null where there is none, or it is not known. */
  readonly allowed: number | null;
  /** For people, one for each. */
  readonly words: readonly string[];
  readonly unknown: readonly string[];
}

export const noBudgets: Budgets = { allowed: null, words: [], unknown: [] };

const mostBudgets = 500;

const holds = (requirement: Json, labels: Labels): boolean => {
  const key = asText(requirement.key);
  const values = asList(requirement.values);
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      // What is not understood counts as if it were about these pods.
      return true;
  }
};

/** A selector of policy/v1: an empty one is every pod, none at all is no pod. */
export const selects = (selector: unknown, labels: Labels): boolean => {
  if (selector === undefined || selector === null) return false;
  const { matchLabels, matchExpressions } = asRecord(selector);
  return (
    Object.entries(asRecord(matchLabels)).every(([k, v]) => labels[k] === v) &&
    asList(matchExpressions).every((e) => holds(asRecord(e), labels))
  );
};

/** The budgets over these pods as they are now. */
export const disruptionBudgets = async (
  reads: Pick<EffectReads, 'kubernetes'>,
  namespace: string,
  pods: readonly Labels[],
  signal: AbortSignal,
): Promise<Budgets> => {
  if (pods.length === 0) return noBudgets;
  const path = `/apis/policy/v1/namespaces/${encodeURIComponent(namespace)}/poddisruptionbudgets?limit=${mostBudgets}`;
  const read = await readJson(reads, path, signal);
  if (!read.ok) {
    const why = plainText(failureText(read.failure));
    return { ...noBudgets, unknown: [`disruption budgets of ${namespace}: ${why}`] };
  }
  const { items, metadata } = read.value;
  const unknown: string[] = [];
  if (asText(asRecord(metadata).continue) !== '') {
    unknown.push(`${namespace} has more than ${mostBudgets} disruption budgets`);
  }
  const words: string[] = [];
  let allowed: number | null = null;
  for (const item of asList(items).map(asRecord)) {
    const selector = asRecord(item.spec).selector;
    const covered = pods.filter((labels) => selects(selector, labels)).length;
    if (covered === 0) continue;
    const name = plainText(asText(asRecord(item.metadata).name));
    const now = asNumber(asRecord(item.status).disruptionsAllowed);
    if (now === null) {
      unknown.push(`what budget ${name} allows`);
      continue;
    }
    allowed = Math.min(allowed ?? now, now);
    words.push(
      `Budget ${name} allows ${now} of the pods it covers to go now; this goes past it, as evictions would not.`,
    );
  }
  return { allowed, words, unknown };
};
