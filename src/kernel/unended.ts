import type { ActFact, ToldAct } from './act-fact.ts';

/** Something that was started, and of which nobody has written how it ended. */
export interface UnendedAct {
  readonly asked: ToldAct<'asked'>;
  readonly started: ToldAct<'started'>;
}

/**
 * Acts that have started and neither ended nor been looked after since, in the order of their starts. Some of them may
 * be under way. What was never asked for among these facts is passed over: nobody could say what it is.
 */
export const unended = (facts: Iterable<ActFact>): readonly UnendedAct[] => {
  const asked = new Map<string, ToldAct<'asked'>>();
  const open = new Map<string, UnendedAct>();
  const over = new Set<string>();
  for (const fact of facts) {
    switch (fact.kind) {
      case 'asked':
        if (!asked.has(fact.act)) asked.set(fact.act, fact);
        break;
      case 'started': {
        const wish = asked.get(fact.act);
        // A start behind the end of an act is none.
        if (wish !== undefined && !open.has(fact.act) && !over.has(fact.act)) {
          open.set(fact.act, { asked: wish, started: fact });
        }
        break;
      }
      case 'ended':
      case 'reconciled':
        open.delete(fact.act);
        over.add(fact.act);
        break;
      default:
        break;
    }
  }
  return [...open.values()];
};
