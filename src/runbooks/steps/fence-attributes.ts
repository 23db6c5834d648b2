import { nearest } from '../../kernel/spelling.ts';
import type { Milliseconds } from '../../kernel/units.ts';
import { diagnostic, type Report } from '../diagnose.ts';
import type { Fence } from '../markdown/blocks.ts';
import { type Risk, type Rule, risks } from '../runbook.ts';
import { durationOf, durationText } from './duration.ts';
import { textRule } from './rule.ts';
import { type Settings, timeoutMost } from './settings.ts';

/** What a fence may say it is. */
export const fenceTypes = [
  'logs',
  'debug',
  'etcd',
  'query',
  'promql',
  'http',
  'kubectl',
  'watch',
  'manual',
  'checklist',
  'choice',
  'exec',
  'link',
] as const;
export type FenceType = (typeof fenceTypes)[number];

const ours =
  'name step type risk timeout since tail expect expectNot container namespace pod node image over'.split(
    ' ',
  );
/** What runme and others put there; it says nothing to us. */
const others = new Set(
  'id background interactive interpreter cwd promptEnv category tag tags excludeFromRunAll terminalRows closeTerminalOnSuccess mimeType skipPrompts parse confirm linenos hl_lines linenostart title class lineNos anchorLineNos style true'.split(
    ' ',
  ),
);

export interface FenceSays {
  readonly name: string;
  readonly type: FenceType | null;
  readonly risk: Risk | null;
  readonly expect: Rule | null;
  /** What the step says, and what the fence says over it. */
  readonly settings: Settings;
  attribute(name: string): string;
}

export const riskNamed = (text: string): Risk | null => risks.find((r) => r === text) ?? null;

/** A time that is not beyond what a step may take; null when it is no time. */
export const timeoutNamed = (text: string): Milliseconds | null => {
  const asked = durationOf(text);
  return asked !== null && asked > timeoutMost ? timeoutMost : asked;
};

/** Reads the attributes of a fence; what cannot be read is told, and does not count. */
export const fenceAttributes = (fence: Fence, settings: Settings, report: Report): FenceSays => {
  const { attributes, unread } = fence.info;
  const say = (severity: 'error' | 'warning', message: string, hint = ''): void =>
    report(diagnostic(severity, 'attribute', fence, message, hint));
  if (unread !== '') {
    say('warning', `cannot read ${unread}`, 'write {"name":"x"} or { name=x }');
  }
  const mine = ours.some((name) => attributes.has(name));
  for (const key of attributes.keys()) {
    if (ours.includes(key) || others.has(key) || !mine) continue;
    const near = nearest(key, ours);
    say(
      'warning',
      `unknown attribute "${key}"`,
      near === undefined ? '' : `did you mean "${near}"?`,
    );
  }
  const read = <T>(key: string, of: (text: string) => T | null, words: string): T | null => {
    const text = attributes.get(key);
    if (text === undefined) return null;
    const value = of(text);
    if (value === null) say('error', `${key}="${text}" is not known`, words);
    return value;
  };
  const type = read('type', (t) => fenceTypes.find((f) => f === t) ?? null, fenceTypes.join(', '));
  const risk = read('risk', riskNamed, risks.join(', '));
  const timeout = read('timeout', timeoutNamed, 'write a time such as 30s');
  if (timeout === timeoutMost && durationOf(attributes.get('timeout') ?? '') !== timeoutMost) {
    say('warning', `a step waits ${durationText(timeoutMost)} at most`);
  }
  const since = read('since', durationOf, 'write a time such as 30m');
  const lines = (text: string): number | null =>
    /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
  const tail = read('tail', lines, 'write a number of lines');
  const rules = (['expect', 'expectNot'] as const).flatMap((key): readonly Rule[] => {
    const text = attributes.get(key);
    const made = text === undefined ? null : textRule(text);
    if (made?.kind === 'wrong') say('error', `${key}: ${made.why}`, made.hint);
    if (made?.kind !== 'read') return [];
    return [key === 'expect' ? made.rule : { kind: 'not', of: made.rule }];
  });
  const [first] = rules;
  return {
    name: attributes.get('name') ?? attributes.get('id') ?? '',
    type,
    risk,
    expect: first === undefined ? null : rules.length === 1 ? first : { kind: 'all', of: rules },
    settings: {
      ...settings,
      ...(timeout === null ? {} : { timeout }),
      ...(since === null ? {} : { since, sinceGiven: true }),
      ...(tail === null ? {} : { tail }),
      image: attributes.get('image') ?? settings.image,
      namespace: attributes.get('namespace') ?? settings.namespace,
    },
    attribute: (name) => attributes.get(name) ?? '',
  };
};
