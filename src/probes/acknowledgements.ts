import { type Acknowledgement, acknowledgementSchema } from '../kernel/acknowledgement.ts';
import { probeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed, Probe } from '../kernel/probe.ts';
import { hours } from '../kernel/units.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { MapDraft } from './map-draft.ts';
import { oneLine } from './one-line.ts';

/** Those that stand, by fingerprint; at most `acknowledgementsKept`, the oldest go first. */
export type AcknowledgementsState = ReadonlyMap<string, Acknowledgement>;

export const acknowledgementsKept = 5000;

/**
 * The newest by its time stands, whoever's clock that was; of one time the one that was told last. What is taken back
 * is forgotten: after that an older one would stand again, if it came late.
 */
const foldAcknowledgements = (
  state: AcknowledgementsState,
  batch: readonly Observed<Acknowledgement>[],
): Folded<AcknowledgementsState> => {
  const next = new MapDraft(state);
  const changes: Change[] = [];
  for (const { rev, at, data, settled } of batch) {
    const key = data.fingerprint;
    const before = next.get(key);
    const late = before !== undefined && before.at > data.at;
    if (late || (before === undefined && data.withdrawn)) continue;
    if (data.withdrawn) next.delete(key);
    else if (before === undefined || !same(before, data)) next.setLast(key, data);
    else continue;
    next.trim(acknowledgementsKept, () => false);
    if (settled) changes.push({ rev, at, probe: acknowledgements.id, key, ...news(data) });
  }
  return { state: next.now, changes };
};

const same = (a: Acknowledgement, b: Acknowledgement): boolean =>
  a.at === b.at && a.by === b.by && a.note === b.note && a.name === b.name;

const news = ({ name, by, note, withdrawn }: Acknowledgement): Part => {
  const who = oneLine(by, 'somebody');
  const what = oneLine(name, 'alert without a name');
  return withdrawn
    ? part('info', `${what} no longer acknowledged: taken back by ${who}`)
    : part('info', withDetail(`${what} acknowledged by ${who}`, oneLine(note)));
};

/** Who takes care of which alert. The key of a change is the alert's fingerprint. */
export const acknowledgements: Probe<Acknowledgement, AcknowledgementsState> = {
  id: probeId('acknowledgements'),
  title: 'acknowledgements',
  // A file on this machine: silence means that nobody wrote.
  patience: hours(24 * 365),
  schema: acknowledgementSchema,
  empty: new Map(),
  fold: (state, batch) => foldAcknowledgements(state, batch),
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, Acknowledgement][]),
  observe: ({ acknowledgements: source }, emit, signal) => source.watch(emit, signal),
};
