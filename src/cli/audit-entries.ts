import { absurd } from '../kernel/absurd.ts';
import type { ActFact, ToldAct } from '../kernel/act-fact.ts';
import type { Act, ActState } from '../kernel/acts.ts';
import { globMatches } from '../kernel/glob.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { foldAct } from '../probes/acts-fold.ts';
import { isOfAct } from '../probes/acts-words.ts';

/** One thing that happened, with all that was written of it. */
export type AuditEntry =
  | { readonly kind: 'act'; readonly act: Act; readonly facts: readonly ActFact[] }
  | { readonly kind: 'other'; readonly fact: Other; readonly facts: readonly ActFact[] };
type Other = ToldAct<'opened' | 'glass-broken' | 'glass-mended' | 'approved'>;

export interface AuditWish {
  /** Only what something was written of at that time or later; null: all of it. */
  readonly from: EpochMs | null;
  /** Only acts with such an id, with * as wildcard; null: all, and what is no act too. */
  readonly action: string | null;
}

const lastOf = ({ facts }: AuditEntry): number =>
  facts.reduce((last, { at }) => Math.max(last, at), 0);

const isWanted = (entry: AuditEntry, { from, action }: AuditWish): boolean => {
  if (from !== null && lastOf(entry) < from) return false;
  if (action === null) return true;
  return entry.kind === 'act' && globMatches(action, entry.act.asked.action);
};

/** What facts of an audit tell, in the order in which it began. Whole acts, also where they began before `from`. */
export const auditEntries = (facts: readonly ActFact[], wish: AuditWish): readonly AuditEntry[] => {
  const entries: { kind: 'act' | 'other'; first: ActFact; facts: ActFact[] }[] = [];
  const byAct = new Map<string, { readonly facts: ActFact[] }>();
  for (const fact of facts) {
    const before = isOfAct(fact) ? byAct.get(fact.act) : undefined;
    if (before !== undefined) {
      before.facts.push(fact);
      continue;
    }
    // What was not asked for in this file is nothing that can be told of.
    if (isOfAct(fact) && fact.kind !== 'asked') continue;
    const entry = {
      kind: isOfAct(fact) ? ('act' as const) : ('other' as const),
      first: fact,
      facts: [fact],
    };
    entries.push(entry);
    if (entry.kind === 'act') byAct.set(fact.act, entry);
  }
  return entries.flatMap((entry): readonly AuditEntry[] => {
    const made = entryOf(entry.facts);
    return made !== null && isWanted(made, wish) ? [made] : [];
  });
};

const entryOf = (facts: readonly ActFact[]): AuditEntry | null => {
  const [first] = facts;
  if (first === undefined) return null;
  if (!isOfAct(first)) return { kind: 'other', fact: first, facts };
  let act: Act | undefined;
  for (const fact of facts) if (isOfAct(fact)) act = foldAct(act, fact);
  return act === undefined ? null : { kind: 'act', act, facts };
};

/** What guards, and the person, said: one word or two. */
export const verdictText = ({ steps, state }: Act): string => {
  if (state.kind === 'denied') return 'denied';
  const confirmed = steps.find((s) => s.kind === 'confirmed');
  if (confirmed !== undefined) {
    if (confirmed.how.length === 0) return 'allowed';
    const other = confirmed.approvedBy === '' ? '' : `, with ${confirmed.approvedBy}`;
    return `agreed by ${confirmed.how.join(' and ')}${other}`;
  }
  const judged = steps.find((s) => s.kind === 'judged');
  // A denial stays one when it is declined for it.
  if (judged?.outcome === 'deny') return 'denied';
  return judged === undefined ? 'not judged' : judged.outcome === 'ask' ? 'asked' : 'allowed';
};

/** What came of it, in words. */
export const resultText = (state: ActState): string => {
  switch (state.kind) {
    case 'asked':
    case 'judged':
    case 'confirmed':
      return 'nothing yet';
    case 'denied':
    case 'declined':
      return `not done: ${state.why}`;
    case 'running':
      return 'started, and not ended';
    case 'done':
      return `done: ${state.text}`;
    case 'failed':
      return `failed: ${state.why}`;
    case 'unknown':
      return `unknown: ${state.why}${state.found === '' ? '' : `; ${state.found}`}`;
    default:
      return absurd(state);
  }
};

export interface AuditRow {
  readonly at: EpochMs;
  readonly by: string;
  readonly context: string;
  readonly what: string;
  readonly verdict: string;
  readonly result: string;
}

const otherText = (fact: Other): Pick<AuditRow, 'what' | 'result'> => {
  switch (fact.kind) {
    case 'opened': {
      const as = fact.identity === '' ? '' : `as ${fact.identity}`;
      const result = [as, fact.through].filter((t) => t !== '').join(', ');
      return { what: `opens a ${fact.mode} door`, result };
    }
    case 'glass-broken':
      return {
        what: `breaks the glass until ${new Date(fact.until).toISOString()}`,
        result: `${fact.reason} (${fact.ticket})`,
      };
    case 'glass-mended':
      return { what: 'mends the glass', result: fact.why };
    case 'approved':
      return { what: `agrees to plan ${fact.digest.slice(0, 12)}`, result: '' };
    default:
      return absurd(fact);
  }
};

export const auditRow = (entry: AuditEntry): AuditRow => {
  if (entry.kind === 'other') {
    const { at, by, context } = entry.fact;
    return { at: epochMs(at), by, context, verdict: '', ...otherText(entry.fact) };
  }
  const { asked, state } = entry.act;
  return {
    at: epochMs(asked.at),
    by: asked.by,
    context: asked.context,
    what: asked.title,
    verdict: verdictText(entry.act),
    result: resultText(state),
  };
};
