import type { ActPlan, ActResult, Intent, Verdict } from '../kernel/act.ts';
import type { ActFact, ToldAct } from '../kernel/act-fact.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';
import type { Answer } from './agreement.ts';
import type { Facts } from './guard.ts';
import { requestText } from './request-text.ts';

export interface RecordDeps {
  readonly clock: Clock;
  /** Resolves when the facts would survive the loss of power. Where it fails, nothing is done. */
  readonly audit: (facts: readonly ActFact[]) => Promise<Result<void>>;
  /** Who is at the keyboard, for every fact. */
  readonly by: string;
  /** Which process carries acts out, as it is told in `started`; '' where that is not known. */
  readonly process: string;
}

const requestsMost = 100;
const textMost = 4000;

/** All of them, or as many as a fact holds, and how many more. */
const requestTexts = ({ requests }: ActPlan): readonly string[] =>
  requests.length <= requestsMost
    ? requests.map(requestText)
    : [
        ...requests.slice(0, requestsMost - 1).map(requestText),
        `and ${requests.length - requestsMost + 1} more`,
      ];

/** The facts of acts, with who and when in each, and the one place where they are put. */
export const actRecord = ({ clock, audit, by, process }: RecordDeps) => {
  const stamp = (act: string) => ({ act, at: clock.now(), by });
  return {
    /** Like `audit`; what it throws is a failure too. */
    put: async (facts: readonly ActFact[]): Promise<Result<void>> => {
      try {
        return await audit(facts);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        return failed(failure('broken', 'write the audit', why));
      }
    },
    asked: (act: string, intent: Intent, plan: ActPlan): ToldAct<'asked'> => ({
      kind: 'asked',
      ...stamp(act),
      origin: intent.origin,
      action: plan.action,
      title: plan.title,
      effect: plan.effect,
      context: plan.context,
      subject: plan.subject,
      digest: plan.digest,
      requests: requestTexts(plan),
      run: intent.step?.run ?? '',
      task: intent.step?.task ?? '',
    }),
    judged: (act: string, stage: 'first' | 'last', { outcome, reasons }: Verdict): ActFact => ({
      kind: 'judged',
      ...stamp(act),
      stage,
      outcome,
      reasons: reasons.map(({ guard, judgement }) => ({
        guard,
        kind: judgement.kind,
        why: judgement.why,
      })),
    }),
    confirmed: (
      act: string,
      { digest }: ActPlan,
      { challenges }: Verdict,
      { approval }: Facts,
      { reason }: Answer,
    ): ActFact => ({
      kind: 'confirmed',
      ...stamp(act),
      digest,
      how: challenges.map((c) => c.kind),
      reason,
      approvedBy: approval.kind === 'known' ? (approval.value ?? '') : '',
    }),
    declined: (act: string, why: string): ActFact => ({ kind: 'declined', ...stamp(act), why }),
    started: (act: string, { digest }: ActPlan): ActFact => ({
      kind: 'started',
      ...stamp(act),
      digest,
      process,
    }),
    progress: (act: string, text: string): ActFact => ({
      kind: 'progress',
      ...stamp(act),
      text: text.slice(0, textMost),
    }),
    ended: (act: string, result: ActResult): ActFact => ({ kind: 'ended', ...stamp(act), result }),
  };
};
export type ActRecord = ReturnType<typeof actRecord>;
