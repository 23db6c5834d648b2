import { type Acknowledgement, acknowledgementSchema } from '../kernel/acknowledgement.ts';
import { probeId } from '../kernel/fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { hours } from '../kernel/units.ts';

/** Those that stand, by fingerprint; at most `acknowledgementsKept`, the oldest go first. */
export type AcknowledgementsState = ReadonlyMap<string, Acknowledgement>;

export const acknowledgementsKept = 5000;

/** Who takes care of which alert. */
export const acknowledgements: Probe<Acknowledgement, AcknowledgementsState> = {
  id: probeId('acknowledgements'),
  title: 'acknowledgements',
  // A file on this machine: silence means that nobody wrote.
  patience: hours(24 * 365),
  schema: acknowledgementSchema,
  empty: new Map(),
  fold: (state) => ({ state, changes: [] }),
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, Acknowledgement][]),
  observe: ({ acknowledgements: source }, emit, signal) => source.watch(emit, signal),
};
