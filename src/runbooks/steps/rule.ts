import { compilePattern } from '../../kernel/pattern.ts';
import { nearest } from '../../kernel/spelling.ts';
import type { Comparison, Rule } from '../runbook.ts';
import { readJsonPath } from './json-path.ts';
import { numberIn } from './number-text.ts';

export type RuleRead =
  | { readonly kind: 'read'; readonly rule: Rule }
  | { readonly kind: 'wrong'; readonly why: string; readonly hint: string };

const wrong = (why: string, hint = ''): RuleRead => ({ kind: 'wrong', why, hint });
const read = (rule: Rule): RuleRead => ({ kind: 'read', rule });

const keys = [
  'output',
  'stdout',
  'stderr',
  'text',
  'number',
  'after',
  'json',
  'value',
  'promql',
  'query',
  'exit',
  'ended',
] as const;

const comparison = /^\s*(==|=|!=|<=|>=|<|>)?\s*(.+?)\s*$/s;

const comparedTo = (text: string): { readonly is: Comparison; readonly value: string } | null => {
  const found = comparison.exec(text);
  if (found === null) return null;
  const is = found[1] === undefined || found[1] === '=' ? '==' : (found[1] as Comparison);
  return { is, value: found[2] ?? '' };
};

/** A search in the text: whether the pattern can be read is known now, not during an incident. */
export const textRule = (pattern: string): RuleRead => {
  const compiled = compilePattern(pattern);
  return compiled.ok
    ? read({ kind: 'text', pattern })
    : wrong(`"${pattern}": ${compiled.failure.message}`, 'patterns are Go regular expressions');
};

const numeric = (text: string): { readonly is: Comparison; readonly value: number } | null => {
  const compared = comparedTo(text);
  const value = compared === null ? null : numberIn(compared.value);
  const whole = /^-?[\d.]+(?:e[+-]?\d+)?[ \t]?(?:%|[a-zµ]{0,3})$/i.test(compared?.value ?? '');
  return compared === null || value === null || !whole ? null : { is: compared.is, value };
};

const scalar = (text: string): string | number | boolean | null => {
  const quoted = /^"(.*)"$|^'(.*)'$/s.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return numeric(text)?.value ?? text;
};

const jsonRule = (text: string): RuleRead => {
  const found = /^\s*(\S+)\s+(==|=|!=|<=|>=|<|>)\s*(.+?)\s*$/s.exec(text);
  if (found === null) return wrong(`"${text}" is no comparison`, "write json: '$.path == value'");
  const [, path = '', is, value = ''] = found;
  if (readJsonPath(path) === null) return wrong(`"${path}" is no path`, 'e.g. $.items[0].status');
  return read({
    kind: 'json',
    path,
    is: is === '=' ? '==' : (is as Comparison),
    value: scalar(value),
  });
};

const one = (
  key: (typeof keys)[number],
  value: unknown,
  all: Readonly<Record<string, unknown>>,
): RuleRead => {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  switch (key) {
    case 'output':
    case 'stdout':
    case 'stderr':
    case 'text':
      return textRule(text);
    case 'number': {
      const compared = numeric(text);
      const after = typeof all.after === 'string' ? all.after.slice(0, 500) : '';
      return compared === null
        ? wrong(`"${text}" is no comparison with a number`, "write number: '> 90'")
        : read({ kind: 'number', after, ...compared });
    }
    case 'json':
      return jsonRule(text);
    case 'value':
    case 'promql':
    case 'query': {
      const compared = numeric(text);
      return compared === null
        ? wrong(`"${text}" is no comparison with a number`, "write value: '> 0.9'")
        : read({ kind: 'value', ...compared });
    }
    case 'exit':
    case 'ended': {
      const well = text === '0' || text === 'ok' || text === 'well' || text === 'true';
      return read({ kind: 'ended', well });
    }
    default:
      return wrong('"after" goes with "number"', "write number: '> 90' beside it");
  }
};

/** What stands under `when:`. Several keys must all hold. */
export const readRule = (when: Readonly<Record<string, unknown>>): RuleRead => {
  const said = Object.keys(when);
  if (said.length === 0) return wrong('nothing is asked', `one of ${keys.join(', ')}`);
  const rules: Rule[] = [];
  for (const key of said) {
    const known = keys.find((k) => k === key);
    if (known === undefined) {
      const near = nearest(key, keys);
      const hint = near === undefined ? `one of ${keys.join(', ')}` : `did you mean "${near}"?`;
      return wrong(`there is no test "${key}"`, hint);
    }
    if (known === 'after' && 'number' in when) continue;
    const result = one(known, when[key], when);
    if (result.kind === 'wrong') return result;
    rules.push(result.rule);
  }
  const [first] = rules;
  return rules.length === 1 && first !== undefined ? read(first) : read({ kind: 'all', of: rules });
};
