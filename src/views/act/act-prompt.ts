import type { Intent } from '../../kernel/act.ts';
import type { Question } from './questions.ts';

/** What an action still has to be told before it can be planned. */
export interface InputAsked {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly usual: string;
  readonly required: boolean;
}

/** What is typed for an action, in place of the last line. `wrong` says why the last try was none; '' before it. */
export type ActPrompt =
  | {
      readonly kind: 'input';
      readonly text: string;
      readonly wrong: string;
      readonly intent: Intent;
      readonly input: InputAsked;
    }
  | {
      readonly kind: 'agree';
      readonly text: string;
      readonly wrong: string;
      readonly act: string;
      readonly question: Question;
      /** What is to be typed where the question is the name. */
      readonly typed: string;
    }
  /** The reason, then the ticket, for breaking the glass. */
  | {
      readonly kind: 'glass';
      readonly text: string;
      readonly wrong: string;
      /** Null while it is asked for. */
      readonly reason: string | null;
    };

/** A longer name stands in the dialog, which is above. */
const namedMost = 40;

/** What stands before the typed text. */
export const actSign = (prompt: ActPrompt): string => {
  switch (prompt.kind) {
    case 'input':
      return prompt.input.title;
    case 'glass':
      return prompt.reason === null ? 'break the glass: why' : 'ticket';
    default:
      break;
  }
  const { question, typed } = prompt;
  switch (question.kind) {
    case 'reason':
      return 'why';
    case 'second-person':
      return 'code';
    case 'key':
      return 'agree?';
    default:
      return [...typed].length <= namedMost ? `type ${typed}` : 'type the name';
  }
};

export const actHint = (prompt: ActPrompt): string => {
  if (prompt.wrong !== '') return prompt.wrong;
  switch (prompt.kind) {
    case 'input': {
      const { hint, usual, required } = prompt.input;
      if (usual !== '') return `${hint}; enter takes ${usual}, tab edits it`;
      return required ? hint : `${hint}; enter leaves it empty`;
    }
    case 'glass':
      return prompt.reason === null
        ? 'at least 10 characters; esc leaves it whole'
        : 'of the incident; enter breaks it';
    default:
      break;
  }
  switch (prompt.question.kind) {
    case 'reason':
      return `at least ${prompt.question.least} characters, for the audit; esc leaves`;
    case 'second-person':
      return 'of another person; enter looks whether they have agreed; esc leaves';
    case 'key':
      return 'y agrees, esc leaves';
    default:
      return 'enter then does it; esc leaves';
  }
};
