import { listOf, membersOf } from '../alertmanager/bounded-text.ts';

/** A step of `alert_relabel_configs`, ready to be taken. */
export type Relabel = (
  labels: Readonly<Record<string, string>>,
) => Readonly<Record<string, string>>;

const longestPattern = 1000;
/** A group that is repeated can take exponential time here, which it never does in Prometheus. */
const repeatedGroup = /\)[*+?{]/;

const patternOf = (source: unknown): RegExp | null => {
  const text = source === undefined || source === null ? '(.*)' : String(source);
  if (text.length > longestPattern || repeatedGroup.test(text)) return null;
  try {
    return new RegExp(`^(?:${text})$`, 's');
  } catch {
    return null;
  }
};

/** Go writes `${1}` and `$1`, JavaScript only the latter. */
const replacementOf = (text: unknown): string =>
  (typeof text === 'string' ? text : '$1').replace(/\$\{(\d{1,2})\}/g, '$$$1');

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

const filtered = (
  labels: Readonly<Record<string, string>>,
  keep: (name: string) => boolean,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => keep(name)));

const withLabel = (
  labels: Readonly<Record<string, string>>,
  name: string,
  value: string,
): Readonly<Record<string, string>> =>
  value === '' ? filtered(labels, (one) => one !== name) : { ...labels, [name]: value };

const stepOf = (raw: unknown): Relabel | null => {
  const { source_labels, separator, target_label, regex, replacement, action } = membersOf(raw);
  const pattern = patternOf(regex);
  if (pattern === null) return null;
  const instead = replacementOf(replacement);
  const target = textOr(target_label, '');
  const sourceOf: (labels: Readonly<Record<string, string>>) => string = (labels) =>
    listOf(source_labels)
      .map((name) => labels[String(name)] ?? '')
      .join(textOr(separator, ';'));
  switch (textOr(action, 'replace').toLowerCase()) {
    case 'labeldrop':
      return (labels) => filtered(labels, (name) => !pattern.test(name));
    case 'labelkeep':
      return (labels) => filtered(labels, (name) => pattern.test(name));
    case 'labelmap':
      return (labels) => {
        const more = Object.entries(labels)
          .filter(([name]) => pattern.test(name))
          .map(([name, value]) => [name.replace(pattern, instead), value]);
        return { ...labels, ...Object.fromEntries(more) };
      };
    case 'replace':
      return (labels) => {
        const source = sourceOf(labels);
        if (!pattern.test(source)) return labels;
        const name = source.replace(pattern, replacementOf(target));
        return withLabel(labels, name, source.replace(pattern, instead));
      };
    case 'lowercase':
      return (labels) => withLabel(labels, target, sourceOf(labels).toLowerCase());
    case 'uppercase':
      return (labels) => withLabel(labels, target, sourceOf(labels).toUpperCase());
    case 'keep':
    case 'drop':
      // Decides whether an alert is sent, not how it looks.
      return (labels) => labels;
    default:
      return null;
  }
};

/**
 * What Prometheus does to the labels of alerts before it sends them. Steps that are not understood are left out: then
 * an alert looks here as before them.
 */
export const relabelling = (configs: unknown): Relabel => {
  const steps = listOf(configs).flatMap((raw) => stepOf(raw) ?? []);
  return (labels) => steps.reduce((sofar, step) => step(sofar), labels);
};
