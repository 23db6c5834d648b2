import type { ActPrompt } from './act-prompt.ts';
import type { ActFlow } from './flow.ts';
import { nextQuestion } from './questions.ts';

/** What a plan that waits for somebody asks next, as a prompt; null where nothing can be answered. */
export const questionPrompt = (flow: ActFlow | null): ActPrompt | null => {
  if (flow?.kind !== 'asked' || flow.sealed !== '') return null;
  const { asked, given } = flow;
  const question = nextQuestion(asked.plan, asked.verdict, given);
  if (question === null) return null;
  const { act, plan } = asked;
  return { kind: 'agree', text: '', wrong: '', act, question, typed: plan.typed };
};
