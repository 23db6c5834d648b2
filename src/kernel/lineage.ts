/** How one map came out of another: first these were removed, then those were put. */
export interface Step {
  /** Keys that were removed at some time, also those that were put again later. */
  readonly removed: ReadonlySet<string>;
  /** Keys that were put after that, in the order in which each was first: what was not there stands at the end so. */
  readonly put: ReadonlySet<string>;
}

interface Birth {
  readonly from: WeakRef<object>;
  readonly step: Step;
}

/** By the map that came out of it. The one before is not kept alive: who still has it can go on from there. */
const births = new WeakMap<object, Birth>();

/** What is done to a map, as a step. */
export class StepDraft implements Step {
  readonly removed = new Set<string>();
  readonly put = new Set<string>();

  set(key: string): void {
    this.put.add(key);
  }

  delete(key: string): void {
    this.put.delete(key);
    this.removed.add(key);
  }
}

/** Notes that `next` is `from` after a step. Both are not to be changed any more. */
export const noteStep = (
  from: ReadonlyMap<string, unknown>,
  next: ReadonlyMap<string, unknown>,
  step: Step,
): void => {
  births.set(next, { from: new WeakRef(from), step });
};

/** The map that this one came out of, and how; null where that is not known, or where the one before is gone. */
export const stepTo = <Map extends ReadonlyMap<string, unknown>>(
  next: Map,
): { readonly from: Map; readonly step: Step } | null => {
  const birth = births.get(next);
  const from = birth?.from.deref();
  return birth === undefined || from === undefined ? null : { from: from as Map, step: birth.step };
};

/** Of as many changes as this, a share of the whole, going on from what was known costs as much as beginning anew. */
const worthwhile = 0.25;

export const isSmall = ({ removed, put }: Step, whole: number): boolean =>
  removed.size + put.size <= whole * worthwhile;
