import { parse } from 'yaml';
import type { Labels } from '../../kernel/alert-fact.ts';
import { boundedPairs, membersOf } from '../alertmanager/bounded-text.ts';
import { type Relabel, relabelling } from './relabel.ts';

/** How the labels of an alert look once it is sent: an Alertmanager knows it by those. */
export interface SentLabels {
  readonly externalLabels: Labels;
  readonly sent: Relabel;
}

export const asTheyAre: SentLabels = { externalLabels: {}, sent: (labels) => labels };

/** One top-level section of YAML as Prometheus writes it: from its name to the next line that is not indented. */
const sectionOf = (yaml: string, name: string): string => {
  const start = yaml.startsWith(`${name}:`) ? 0 : yaml.indexOf(`\n${name}:`) + 1;
  if (start === 0 && !yaml.startsWith(`${name}:`)) return '';
  const rest = yaml.slice(start);
  const end = rest.search(/\n(?=[^\s#-])/);
  return end === -1 ? rest : rest.slice(0, end);
};

const parsedSection = (yaml: string, name: string): Readonly<Record<string, unknown>> => {
  try {
    // A billion laughs are not worth an alias.
    return membersOf(membersOf(parse(sectionOf(yaml, name), { maxAliasCount: 0 }))[name]);
  } catch {
    return {};
  }
};

/**
 * What of an answer of `/api/v1/status/config` tells how alerts are sent. Only the two sections that say it are parsed,
 * and only `external_labels` and `alert_relabel_configs` of them are kept: the rest may hold secrets.
 */
export const sentLabels = (answer: unknown): SentLabels => {
  const { yaml } = membersOf(membersOf(answer).data);
  if (typeof yaml !== 'string') return asTheyAre;
  const external = membersOf(parsedSection(yaml, 'global').external_labels);
  const texts = Object.fromEntries(
    Object.entries(external).map(([name, value]) => [name, String(value ?? '')]),
  );
  const relabel = relabelling(parsedSection(yaml, 'alerting').alert_relabel_configs);
  return {
    externalLabels: boundedPairs(texts) ?? {},
    sent: (labels) => relabel({ ...texts, ...labels }),
  };
};
