import type { Question } from '../act/questions.ts';

/** What is typed for logs, in place of the last line. */
export interface LogPrompt {
  readonly kind: 'log';
  readonly what: 'agree' | 'path' | 'time';
  readonly text: string;
  readonly sign: string;
  readonly hint: string;
}

const agree = (question: Question | null, typed: string): Pick<LogPrompt, 'sign' | 'hint'> => {
  switch (question?.kind) {
    case 'reason':
      return {
        sign: 'why',
        hint: `at least ${question.least} characters, for the audit; esc leaves`,
      };
    case 'second-person':
      return { sign: 'code', hint: 'of another person; enter looks whether they have agreed' };
    case 'name':
      return { sign: `type ${typed.slice(0, 40)}`, hint: 'enter then reads it; esc leaves' };
    default:
      return { sign: 'agree?', hint: 'y and enter; esc leaves' };
  }
};

export const logPrompt = (
  what: LogPrompt['what'],
  question: Question | null = null,
  typed = '',
): LogPrompt => {
  const words = {
    agree: agree(question, typed),
    path: { sign: 'save to', hint: 'a new file; without secrets, or: unredacted PATH' },
    time: { sign: 'go to', hint: '21:43:05, -5m or a timestamp' },
  } as const;
  return { kind: 'log', what, text: '', ...words[what] };
};
