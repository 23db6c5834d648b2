import { absurd } from '../../kernel/absurd.ts';
import type { Branch, Comparison, Rule } from '../runbook.ts';
import { jsonAt, readJsonPath } from './json-path.ts';
import { numberIn } from './number-text.ts';
import { searchPattern } from './pattern-search.ts';

/** What a task has brought. */
export interface TaskResult {
  /** Id of the task. */
  readonly task: string;
  /** All that it said. */
  readonly text: string;
  /** Undefined when it is no JSON. */
  readonly json: unknown;
  /** Values of a query, in the order of its series; [] when it is none. */
  readonly values: readonly number[];
  readonly well: boolean;
}

/** `unsure`: it cannot be told, because what it is about is not there or too much. */
export type Verdict = 'holds' | 'not' | 'unsure';

const verdict = (holds: boolean): Verdict => (holds ? 'holds' : 'not');

const compares = (a: unknown, is: Comparison, b: unknown): boolean => {
  if (is === '==' || is === '!=') {
    const same = a === b || (typeof a === 'number' && a === b) || String(a) === String(b);
    return same === (is === '==');
  }
  const left =
    typeof a === 'number' ? a : typeof a === 'string' ? (numberIn(a) ?? Number.NaN) : Number.NaN;
  const right = typeof b === 'number' ? b : Number(b);
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  switch (is) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return absurd(is);
  }
};

/** Whether a result is what a rule asks for. Pure, total, and bounded in time. */
export const branchRule = (rule: Rule, result: TaskResult): Verdict => {
  switch (rule.kind) {
    case 'text': {
      const { kind } = searchPattern(rule.pattern, result.text);
      return kind === 'found' ? 'holds' : kind === 'none' ? 'not' : 'unsure';
    }
    case 'number': {
      const at = rule.after === '' ? 0 : result.text.indexOf(rule.after);
      if (at === -1) return 'unsure';
      const from = at + rule.after.length;
      const number = numberIn(result.text.slice(from, from + 2000));
      return number === null ? 'unsure' : verdict(compares(number, rule.is, rule.value));
    }
    case 'json': {
      const path = readJsonPath(rule.path);
      if (path === null || result.json === undefined) return 'unsure';
      const values = jsonAt(result.json, path);
      if (values.length === 0) return rule.is === '!=' ? 'holds' : 'unsure';
      return verdict(values.some((value) => compares(value, rule.is, rule.value)));
    }
    case 'value':
      return result.values.length === 0
        ? 'unsure'
        : verdict(result.values.some((value) => compares(value, rule.is, rule.value)));
    case 'ended':
      return verdict(result.well === rule.well);
    case 'not': {
      const inner = branchRule(rule.of, result);
      return inner === 'unsure' ? inner : verdict(inner === 'not');
    }
    case 'all': {
      const all = rule.of.map((r) => branchRule(r, result));
      if (all.includes('not')) return 'not';
      return all.includes('unsure') ? 'unsure' : 'holds';
    }
    default:
      return absurd(rule);
  }
};

/** What the rules of a step say; the operator decides. */
export type Preselection =
  | { readonly kind: 'one'; readonly branch: number }
  /** None holds, or more than one, or it cannot be told: `holding` are those that do. */
  | {
      readonly kind: 'ask';
      readonly holding: readonly number[];
      readonly unsure: readonly number[];
    };

/** Of the results of a step, which branch they point to. Indexes are of `branches`. */
export const preselect = (
  branches: readonly Branch[],
  results: readonly TaskResult[],
): Preselection => {
  const verdicts = branches.map(({ when, from }) => {
    if (when === null) return 'not';
    const about = results.filter((r) => from === '' || r.task === from);
    const said = about.map((result) => branchRule(when, result));
    if (said.includes('holds')) return 'holds';
    return said.length === 0 || said.includes('unsure') ? 'unsure' : 'not';
  });
  const indexes = (of: Verdict) => verdicts.flatMap((v, n) => (v === of ? [n] : []));
  const holding = indexes('holds');
  const [first] = holding;
  return holding.length === 1 && first !== undefined
    ? { kind: 'one', branch: first }
    : { kind: 'ask', holding, unsure: indexes('unsure') };
};

/** Whether a task has brought what its fence expects. */
export const meetsExpectation = (expect: Rule | null, result: TaskResult): Verdict =>
  expect === null ? verdict(result.well) : result.well ? branchRule(expect, result) : 'not';
