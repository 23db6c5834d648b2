import type { ActPlan, Challenge, Verdict } from '../../kernel/act.ts';

/** What a person has said so far to a plan. */
export interface Given {
  readonly name: string;
  readonly reason: string;
  /** Another person who has agreed; '' where none has. */
  readonly approvedBy: string;
  /** The key that means yes was pressed. */
  readonly yes: boolean;
}

export const nothingGiven: Given = { name: '', reason: '', approvedBy: '', yes: false };

/** What is asked next. */
export type Question = Challenge;

/** Words first; what sets it going comes last, so that everything else can be read before. */
const order = { reason: 0, 'second-person': 1, key: 2, name: 3 } as const;

/** Something of one's own has to be typed. */
const isTyped = ({ kind }: Challenge): boolean => kind === 'name' || kind === 'reason';

/** A screen never sends what changes something because nobody objected: the name is typed then. */
const atLeast = (plan: Pick<ActPlan, 'effect'>, { challenges }: Verdict): readonly Challenge[] =>
  plan.effect === 'read' || challenges.some(isTyped)
    ? challenges
    : [...challenges.filter((c) => c.kind !== 'key'), { kind: 'name' }];

/** All that a person is asked, in order; nothing where guards deny. */
export const questionsOf = (
  plan: Pick<ActPlan, 'effect'>,
  verdict: Verdict,
): readonly Question[] =>
  verdict.outcome === 'deny'
    ? []
    : atLeast(plan, verdict).toSorted((a, b) => order[a.kind] - order[b.kind]);

const isMet = (question: Question, plan: Pick<ActPlan, 'typed'>, given: Given): boolean => {
  switch (question.kind) {
    case 'reason':
      return given.reason.trim().length >= question.least;
    case 'second-person':
      return given.approvedBy !== '';
    case 'key':
      return given.yes;
    default:
      return given.name === plan.typed;
  }
};

/** The first that is not answered; null when all are. */
export const nextQuestion = (
  plan: Pick<ActPlan, 'effect' | 'typed'>,
  verdict: Verdict,
  given: Given,
): Question | null => questionsOf(plan, verdict).find((q) => !isMet(q, plan, given)) ?? null;

/** What was typed, as an answer; or why it is none, in words. '' as text is never an answer. */
export const answerTo = (
  question: Question,
  plan: Pick<ActPlan, 'typed'>,
  given: Given,
  text: string,
): { readonly given: Given } | { readonly wrong: string } => {
  const said = text.trim();
  switch (question.kind) {
    case 'reason':
      return said.length >= question.least
        ? { given: { ...given, reason: said } }
        : { wrong: `say why, in ${question.least} characters or more` };
    case 'second-person':
      // Whether they have is looked up, not typed here.
      return { wrong: 'another person has to agree' };
    case 'key':
      return said === 'y' ? { given: { ...given, yes: true } } : { wrong: 'y agrees, esc leaves' };
    default:
      // To the letter: a name that is nearly right is another one.
      return text === plan.typed
        ? { given: { ...given, name: text } }
        : { wrong: said === '' ? 'enter alone agrees to nothing' : 'that is not the name' };
  }
};
