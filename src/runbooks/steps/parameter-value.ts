import type { Labels } from '../../kernel/alert-fact.ts';
import { labelOf } from '../../kernel/matchers.ts';
import { compilePattern } from '../../kernel/pattern.ts';
import { plainText } from '../../kernel/text.ts';
import type { Parameter, ParameterFrom, ParameterType } from '../parameter.ts';
import { jsonAt, readJsonPath } from './json-path.ts';

/** What values can come from while a runbook is walked. */
export interface Sources {
  readonly labels: Labels;
  readonly annotations: Labels;
  /** What is known of the cluster, by key. */
  readonly world: ReadonlyMap<string, string>;
  /** JSON that tasks have brought, by id of the task. */
  readonly results: ReadonlyMap<string, unknown>;
  /** What the operator has answered, by name of the parameter. */
  readonly answers: ReadonlyMap<string, string>;
}

export type ParameterValue =
  | { readonly kind: 'known'; readonly value: string; readonly from: ParameterFrom | 'fallback' }
  /** It has to be asked for, or the task it comes from has to run first. */
  | { readonly kind: 'missing'; readonly waitsFor: string }
  | {
      readonly kind: 'refused';
      readonly value: string;
      readonly why: string;
      readonly from: ParameterFrom | 'fallback';
    };

/** Longest value that is taken. */
const valueMost = 1000;

const types: Readonly<Record<ParameterType, { readonly shape: RegExp; readonly words: string }>> = {
  name: {
    shape: /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/,
    words: 'a name of an object: letters, digits, - and .',
  },
  namespace: {
    shape: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    words: 'a namespace: at most 63 small letters, digits and -',
  },
  number: { shape: /^-?\d{1,20}(?:\.\d{1,20})?$/, words: 'a number' },
  duration: { shape: /^(?:\d{1,9}(?:ms|s|m|h|d|w|y))+$/, words: 'a time such as 5m' },
  address: {
    shape:
      /^(?:https?:\/\/)?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/,
    words: 'a host, with a port',
  },
  label: {
    shape: /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$/,
    words: 'a value of a label',
  },
  text: { shape: /^[^-].*$/s, words: 'a text that does not begin with a dash' },
};

/** Why a value is not taken; null when it is. */
export const wrongValue = (parameter: Parameter, value: string): string | null => {
  if (value.length > valueMost) return `longer than ${valueMost} characters`;
  if (plainText(value) !== value) return 'it has characters that cannot be shown';
  const { shape, words } = types[parameter.type];
  if (!shape.test(value)) return `it must be ${words}`;
  if (parameter.pattern === '') return null;
  const pattern = compilePattern(parameter.pattern);
  return pattern.ok && pattern.value(value) ? null : `it must match ${parameter.pattern}`;
};

const scalarText = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return '';
  }
};

const valueFrom = (from: ParameterFrom, name: string, sources: Sources): string => {
  switch (from.kind) {
    case 'label':
      return labelOf(sources.labels, from.name);
    case 'annotation':
      return labelOf(sources.annotations, from.name);
    case 'world':
      return sources.world.get(from.key) ?? '';
    case 'task': {
      const path = readJsonPath(from.path);
      const json = sources.results.get(from.task);
      return path === null || json === undefined ? '' : scalarText(jsonAt(json, path)[0]);
    }
    default:
      return sources.answers.get(name) ?? '';
  }
};

/**
 * The value of a parameter: an answer of the operator wins, then its sources in their order, then its fallback. An
 * empty label is none. A value of the wrong shape is refused, not repaired: the operator is asked.
 */
export const parameterValue = (parameter: Parameter, sources: Sources): ParameterValue => {
  const known = (value: string, from: ParameterFrom | 'fallback'): ParameterValue => {
    const why = wrongValue(parameter, value);
    return why === null
      ? { kind: 'known', value, from }
      : { kind: 'refused', value: plainText(value).slice(0, valueMost), why, from };
  };
  const answer = sources.answers.get(parameter.name) ?? '';
  if (answer !== '') return known(answer, { kind: 'asked' });
  for (const from of parameter.from) {
    const value = valueFrom(from, parameter.name, sources);
    if (value !== '') return known(value, from);
  }
  if (parameter.fallback !== null) return known(parameter.fallback, 'fallback');
  const task = parameter.from.find((from) => from.kind === 'task');
  return { kind: 'missing', waitsFor: task?.kind === 'task' ? task.task : '' };
};
