import { type ActFact, actFactSchema } from '../kernel/act-fact.ts';
import { type Act, type ActsState, actsKept, type Glass } from '../kernel/acts.ts';
import { probeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed, Probe } from '../kernel/probe.ts';
import { hours } from '../kernel/units.ts';
import { foldAct, foldGlass } from './acts-fold.ts';
import { actNews, approvalNews, glassNews, isOfAct } from './acts-words.ts';
import type { Part } from './change-parts.ts';
import { MapDraft } from './map-draft.ts';

/** Contexts whose glass is remembered as broken; the oldest go first. */
const glassKept = 50;

class Draft {
  readonly acts: MapDraft<Act>;
  readonly glass: MapDraft<Glass>;
  readonly #from: ActsState;

  constructor(from: ActsState) {
    this.#from = from;
    this.acts = new MapDraft(from.acts);
    this.glass = new MapDraft(from.glass);
  }

  take(fact: ActFact): Part | null {
    if (isOfAct(fact)) {
      const before = this.acts.get(fact.act);
      const after = foldAct(before, fact);
      if (after === undefined || after === before) return null;
      this.acts.set(fact.act, after);
      this.#trim();
      return actNews(before, after);
    }
    if (fact.kind === 'opened') return null;
    if (fact.kind === 'approved') return approvalNews(fact);
    const before = this.glass.get(fact.context);
    const after = foldGlass(before, fact);
    if (after === before) return null;
    if (after === undefined) this.glass.delete(fact.context);
    else this.glass.setLast(fact.context, after);
    this.glass.trim(glassKept, () => false);
    return glassNews(fact);
  }

  /** The oldest goes first that does not run. */
  #trim(): void {
    while (this.acts.now.size > actsKept) {
      const ids = [...this.acts.now.keys()];
      const over = ids.find((id) => this.acts.get(id)?.state.kind !== 'running') ?? ids[0];
      if (over === undefined) return;
      this.acts.delete(over);
    }
  }

  get state(): ActsState {
    const [acts, glass] = [this.acts.now, this.glass.now];
    const same = acts === this.#from.acts && glass === this.#from.glass;
    return same ? this.#from : { acts, glass };
  }
}

const foldActs = (state: ActsState, batch: readonly Observed<ActFact>[]): Folded<ActsState> => {
  const draft = new Draft(state);
  const changes: Change[] = [];
  for (const { rev, at, data, settled } of batch) {
    const news = draft.take(data);
    if (settled && news !== null) {
      changes.push({ rev, at, probe: acts.id, key: data.act, ...news });
    }
  }
  return { state: draft.state, changes };
};

interface SavedActs {
  readonly acts: readonly [string, Act][];
  readonly glass: readonly [string, Glass][];
}

/** What was wanted, judged and done through the one door. The key of a change is the act's id. */
export const acts: Probe<ActFact, ActsState> = {
  id: probeId('acts'),
  title: 'actions',
  // A file on this machine: silence means that nobody did anything.
  patience: hours(24 * 365),
  schema: actFactSchema,
  empty: { acts: new Map(), glass: new Map() },
  fold: foldActs,
  save: (state) => ({ acts: [...state.acts], glass: [...state.glass] }),
  load: (saved) => {
    const { acts: all, glass } = saved as SavedActs;
    return { acts: new Map(all), glass: new Map(glass) };
  },
  observe: ({ acts: source }, emit, signal) => source.watch(emit, signal),
};
