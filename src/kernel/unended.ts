import type { ActFact, ToldAct } from './act-fact.ts';

/** Something that was started, and of which nobody knows how it ended. */
export interface UnendedAct {
  readonly asked: ToldAct<'asked'>;
  readonly started: ToldAct<'started'>;
  /** `open`: nobody has written how it ended; it may be under way. `unknown`: its own program could not find out. */
  readonly end: { readonly kind: 'open' } | { readonly kind: 'unknown'; readonly why: string };
}

const open = { kind: 'open' } as const;

/**
 * Acts that have started, whose end is not known, and that were not looked after since, in the order of their starts.
 * What was never asked for among these facts is passed over: nobody could say what it is.
 */
export const unended = (facts: Iterable<ActFact>): readonly UnendedAct[] => {
  const asked = new Map<string, ToldAct<'asked'>>();
  const left = new Map<string, UnendedAct>();
  const over = new Set<string>();
  const end = (act: string): void => {
    left.delete(act);
    over.add(act);
  };
  for (const fact of facts) {
    const { act } = fact;
    switch (fact.kind) {
      case 'asked':
        if (!asked.has(act)) asked.set(act, fact);
        break;
      case 'started': {
        const wish = asked.get(act);
        // A start behind the end of an act is none.
        if (wish !== undefined && !left.has(act) && !over.has(act)) {
          left.set(act, { asked: wish, started: fact, end: open });
        }
        break;
      }
      case 'ended': {
        const begun = left.get(act);
        if (fact.result.kind !== 'unknown' || begun === undefined) end(act);
        else left.set(act, { ...begun, end: { kind: 'unknown', why: fact.result.why } });
        break;
      }
      case 'reconciled':
        end(act);
        break;
      default:
        break;
    }
  }
  return [...left.values()];
};
