import { isMap, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLMap } from 'yaml';
import type { Labels } from '../../kernel/alert-fact.ts';
import { type LintFinding, lintFinding } from './finding.ts';

export interface RulePlace {
  readonly path: string;
  readonly line: number;
  readonly col: number;
}

/** An alerting rule, wherever it comes from. */
export interface AlertRuleAt extends RulePlace {
  readonly name: string;
  readonly group: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Where an annotation stands; where the rule stands when it is not known. */
  placeOf(annotation: string): RulePlace;
}

export interface RuleFileRead {
  readonly rules: readonly AlertRuleAt[];
  readonly findings: readonly LintFinding[];
}

/** Rules of one file; nobody writes more, and a list without an end is not read to its end. */
const rulesMost = 20_000;

const textsOf = (map: unknown): Labels => {
  if (!isMap(map)) return {};
  const pairs = map.items.flatMap((pair): readonly (readonly [string, string])[] => {
    const key = (pair.key as { value?: unknown } | null)?.value;
    const value = (pair.value as { value?: unknown } | null)?.value;
    const kinds = ['string', 'number', 'boolean'];
    if (typeof key !== 'string' || key === '__proto__' || !kinds.includes(typeof value)) return [];
    return [[key, String(value)]];
  });
  return Object.fromEntries(pairs);
};

const listIn = (map: unknown, key: string): readonly unknown[] => {
  const value = isMap(map) ? map.get(key, true) : undefined;
  return isSeq(value) ? value.items : [];
};

const scalarIn = (map: YAMLMap, key: string): string => {
  const value = map.get(key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Alerting rules of a file of Prometheus, or of PrometheusRule objects, also several in one file. Never throws. */
export const ruleFile = (text: string, path: string): RuleFileRead => {
  const counter = new LineCounter();
  const rules: AlertRuleAt[] = [];
  const findings: LintFinding[] = [];
  const placeAt = (node: unknown): RulePlace => {
    const range = (node as Node | null | undefined)?.range;
    if (range?.[0] === undefined) return { path, line: 1, col: 1 };
    return { path, ...counter.linePos(range[0]) };
  };
  const wrong = (at: RulePlace, message: string): void => {
    findings.push(lintFinding(path, at, 'error', 'rule-file', message));
  };
  const parsed = parseAllDocuments(text, { lineCounter: counter, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  for (const document of documents) {
    const broken = document.errors[0];
    if (broken !== undefined) {
      const words = broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?/, '') ?? '';
      const at = broken.linePos?.[0] ?? { line: 1, col: 1 };
      wrong({ path, ...at }, `no YAML: ${words}`);
      continue;
    }
    const root = document.contents;
    if (root === null) continue;
    const spec = isMap(root) && isMap(root.get('spec', true)) ? root.get('spec', true) : root;
    if (!isMap(spec) || !spec.has('groups')) {
      wrong(placeAt(root), 'there are no groups of rules in it');
      continue;
    }
    for (const group of listIn(spec, 'groups')) {
      for (const rule of listIn(group, 'rules')) {
        if (!isMap(rule) || !rule.has('alert')) continue;
        if (rules.length >= rulesMost) {
          wrong(placeAt(rule), `more than ${rulesMost} rules: the others are not looked at`);
          return { rules, findings };
        }
        const annotations = rule.get('annotations', true);
        const named = rule.items.find(
          (p) => (p.key as { value?: unknown } | null)?.value === 'alert',
        );
        const here = placeAt(named?.value ?? rule);
        rules.push({
          ...here,
          name: scalarIn(rule, 'alert'),
          group: isMap(group) ? scalarIn(group, 'name') : '',
          labels: { ...textsOf(rule.get('labels', true)), alertname: scalarIn(rule, 'alert') },
          annotations: textsOf(annotations),
          placeOf: (annotation) => {
            const pair = isMap(annotations)
              ? annotations.items.find(
                  (p) => (p.key as { value?: unknown } | null)?.value === annotation,
                )
              : undefined;
            return pair === undefined ? here : placeAt(pair.value);
          },
        });
      }
    }
  }
  return { rules, findings };
};
