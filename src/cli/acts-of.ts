import type { ActFact } from '../kernel/act-fact.ts';
import type { Signal } from '../kernel/fact.ts';
import type { SourcePort } from '../kernel/ports.ts';

/** Acts of one context that are told apart from others; far more than the screen remembers. */
const idsKept = 5000;

/** Of the audit of a machine, what was done in one context. */
export const actsOf = (port: SourcePort<ActFact>, context: string): SourcePort<ActFact> => ({
  watch: (emit, signal) => {
    const own = new Set<string>();
    const isOwn = (fact: ActFact): boolean => {
      if (!('context' in fact)) return own.has(fact.act);
      if (fact.context !== context) return false;
      own.add(fact.act);
      const [oldest] = own;
      if (own.size > idsKept && oldest !== undefined) own.delete(oldest);
      return true;
    };
    const told = (one: Signal<ActFact>): boolean => one.kind !== 'observed' || isOwn(one.data);
    return port.watch((signals) => {
      const kept = signals.filter(told);
      if (kept.length > 0) emit(kept);
    }, signal);
  },
});
