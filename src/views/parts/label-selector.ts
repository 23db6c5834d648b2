import { absurd } from '../../kernel/absurd.ts';

export type Labels = Readonly<Record<string, string>>;

/** One part of a label selector. As on the server, `not` and `notIn` hold for objects without the key. */
export type Requirement =
  | { readonly kind: 'exists' | 'absent'; readonly key: string }
  | {
      readonly kind: 'in' | 'notIn';
      readonly key: string;
      readonly values: readonly string[];
    }
  | { readonly kind: 'above' | 'below'; readonly key: string; readonly bound: number };

export type Selector =
  | { readonly kind: 'selector'; readonly requirements: readonly Requirement[] }
  | { readonly kind: 'invalid'; readonly why: string };

const keyForm = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const valueForm = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const existsForm = new RegExp(`^(!?)\\s*(${keyForm})$`);
const equalForm = new RegExp(`^(${keyForm})\\s*(==?|!=)\\s*([^\\s=!]*)$`);
const setForm = new RegExp(`^(${keyForm})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const boundForm = new RegExp(`^(${keyForm})\\s*([<>])\\s*(-?\\d+)$`);

/** Parts between commas that are not inside brackets. */
const split = (text: string): readonly string[] => {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '(') depth += 1;
    else if (c === ')') depth -= 1;
    else if (c === ',' && depth <= 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
};

const requirement = (part: string): Requirement | string => {
  const exists = existsForm.exec(part);
  if (exists !== null)
    return { kind: exists[1] === '!' ? 'absent' : 'exists', key: exists[2] ?? '' };
  const equal = equalForm.exec(part);
  if (equal !== null) {
    const [, key = '', operator, value = ''] = equal;
    return valueForm.test(value)
      ? { kind: operator === '!=' ? 'notIn' : 'in', key, values: [value] }
      : `'${value}' cannot be the value of a label`;
  }
  const set = setForm.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((v) => v.trim());
    const wrong = values.find((v) => !valueForm.test(v));
    return wrong === undefined
      ? { kind: operator === 'in' ? 'in' : 'notIn', key, values }
      : `'${wrong}' cannot be the value of a label`;
  }
  const bound = boundForm.exec(part);
  if (bound !== null) {
    return {
      kind: bound[2] === '>' ? 'above' : 'below',
      key: bound[1] ?? '',
      bound: Number(bound[3]),
    };
  }
  return part === '' ? 'something is missing beside a comma' : `'${part}' is no label selector`;
};

/** Reads what `kubectl -l` reads: `app=x,tier!=y,env in (a,b),zone notin (c),key,!key,n>3`. */
export const parseSelector = (text: string): Selector => {
  const requirements: Requirement[] = [];
  for (const part of split(text)) {
    const found = requirement(part);
    if (typeof found === 'string') return { kind: 'invalid', why: found };
    requirements.push(found);
  }
  return { kind: 'selector', requirements };
};

const whole = /^-?\d+$/;

const holds = (r: Requirement, labels: Labels): boolean => {
  const value = Object.hasOwn(labels, r.key) ? labels[r.key] : undefined;
  switch (r.kind) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && r.values.includes(value);
    case 'notIn':
      return value === undefined || !r.values.includes(value);
    case 'above':
      return value !== undefined && whole.test(value) && Number(value) > r.bound;
    case 'below':
      return value !== undefined && whole.test(value) && Number(value) < r.bound;
    default:
      return absurd(r);
  }
};

export const selects = (requirements: readonly Requirement[], labels: Labels): boolean =>
  requirements.every((r) => holds(r, labels));

/** The selector of exactly these labels, as text; '' when there are none. */
export const selectorOf = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
