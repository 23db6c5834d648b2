import type { RunAlert } from '../../kernel/run-fact.ts';

type Args = Readonly<Record<string, string>>;

const read = new WeakMap<Args, RunAlert | null>();

const labelsOf = (text: string): Args | null => {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return null;
    const pairs = Object.entries(json);
    return pairs.every(([, value]) => typeof value === 'string') ? Object.fromEntries(pairs) : null;
  } catch {
    return null;
  }
};

/** The arguments of a place for an alert that nobody has told of: its labels were given by hand. */
export const givenArgs = (alert: string, labels: Args): Args => ({
  alert,
  labels: JSON.stringify(labels),
});

/** The alert of such a place; null where no labels were given. The same object for the same place. */
export const givenAlert = (args: Args): RunAlert | null => {
  if (args.alert === undefined || args.labels === undefined) return null;
  const had = read.get(args);
  if (had !== undefined) return had;
  const labels = labelsOf(args.labels);
  const alert =
    labels === null
      ? null
      : {
          fingerprint: args.alert,
          name: labels.alertname ?? 'labels given by hand',
          labels,
          annotations: {},
        };
  read.set(args, alert);
  return alert;
};
