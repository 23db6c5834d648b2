import { clip } from '../../kernel/text.ts';
import { clean } from '../markdown/clean.ts';
import type { Plan } from '../plan.ts';
import { type Risk, type RunbookRule, risks } from '../runbook.ts';
import { keptLines } from './kept-lines.ts';

/** Something to say of a command. */
export interface Remark {
  readonly severity: 'error' | 'warning';
  readonly rule: RunbookRule;
  readonly message: string;
  readonly hint: string;
}

/** What a command is. */
export interface Classified {
  readonly plan: Plan;
  readonly risk: Risk;
  readonly remarks: readonly Remark[];
  /** False for a word that says nothing to us: it may not be a command at all. */
  readonly known: boolean;
}

export const riskOf = (a: Risk, b: Risk): Risk => (risks.indexOf(a) >= risks.indexOf(b) ? a : b);

const words = (text: string) => clip(clean(text), 2000);

export const reading = (plan: Plan, remarks: readonly Remark[] = []): Classified => ({
  plan,
  risk: 'read',
  remarks,
  known: true,
});

/** Done by a person in a terminal of their own. */
export const byHand = (source: string, risk: Risk, known = true): Classified => ({
  plan: { kind: 'manual', copy: keptLines(source) },
  risk: riskOf('manual', risk),
  remarks: [],
  known,
});

/** Never run. `instead` does the same in a safe way. */
export const refused = (
  why: string,
  instead: Plan | null,
  remark: Pick<Remark, 'rule' | 'severity'>,
  hint = '',
  risk: Risk = 'manual',
): Classified => ({
  plan: { kind: 'refused', why: words(why), instead, hint: words(hint) },
  risk,
  remarks: [{ ...remark, message: why, hint }],
  known: true,
});
