import { definitionOf } from '../../actions/catalogue.ts';
import type { Effects } from '../effects.ts';
import type { SessionStore } from '../session.ts';
import { leaveAct } from './act-commands.ts';
import type { ActPrompt } from './act-prompt.ts';
import { questionPrompt } from './question-prompt.ts';
import { answerTo } from './questions.ts';

interface Means {
  readonly session: Pick<SessionStore, 'get' | 'dispatch'>;
  readonly effects: Pick<Effects, 'act'>;
}

type InputPrompt = Extract<ActPrompt, { kind: 'input' }>;
type AgreePrompt = Extract<ActPrompt, { kind: 'agree' }>;
type GlassPrompt = Extract<ActPrompt, { kind: 'glass' }>;

/** Words that say why the glass is broken, at least. */
const reasonLeast = 10;

/** The prompt again, with why what was typed is not taken; '' clears what was typed. */
const again = ({ session }: Means, prompt: ActPrompt, wrong: string, text = prompt.text): void =>
  session.dispatch({ kind: 'prompt', prompt: { ...prompt, text, wrong } });

const told = ({ session }: Means, refused: string | null): void => {
  if (refused !== null) {
    session.dispatch({ kind: 'notice', notice: { tone: 'warn', text: refused } });
  }
};

const close = ({ session }: Means): void => session.dispatch({ kind: 'prompt', prompt: null });

const submitInput = (prompt: InputPrompt, means: Means): void => {
  const { intent, input } = prompt;
  const value = prompt.text.trim() === '' ? input.usual : prompt.text.trim();
  if (value === '' && input.required) return again(means, prompt, `${input.title}: ${input.hint}`);
  const asked = definitionOf(intent.action)?.inputs.find((i) => i.name === input.name);
  const wrong = value === '' ? null : (asked?.wrong(value) ?? null);
  if (wrong !== null) return again(means, prompt, wrong);
  close(means);
  told(
    means,
    means.effects.act.begin({ ...intent, args: { ...intent.args, [input.name]: value } }),
  );
};

const submitAnswer = (prompt: AgreePrompt, means: Means): void => {
  const { session, effects } = means;
  const flow = session.get().act;
  // What it was about has gone meanwhile.
  if (flow?.kind !== 'asked' || flow.asked.act !== prompt.act) return close(means);
  if (prompt.question.kind === 'second-person') {
    close(means);
    return effects.act.approve(prompt.act, prompt.text.trim());
  }
  const said = answerTo(prompt.question, flow.asked.plan, flow.given, prompt.text);
  if ('wrong' in said) return again(means, prompt, said.wrong);
  session.dispatch({ kind: 'act', event: { kind: 'given', act: prompt.act, given: said.given } });
  const next = questionPrompt(session.get().act);
  session.dispatch({ kind: 'prompt', prompt: next });
  if (next === null) told(means, effects.act.agree(prompt.act, said.given));
};

const submitGlass = (prompt: GlassPrompt, means: Means): void => {
  const text = prompt.text.trim();
  if (prompt.reason === null) {
    if ([...text].length < reasonLeast) {
      return again(means, prompt, `say why, in ${reasonLeast} characters or more`);
    }
    return again(means, { ...prompt, reason: text }, '', '');
  }
  if (text === '') return again(means, prompt, 'the ticket of the incident goes here');
  close(means);
  told(means, means.effects.act.breakGlass(prompt.reason, text));
};

/** Enter in a prompt of an action. */
export const submitAct = (prompt: ActPrompt, means: Means): void => {
  if (prompt.kind === 'input') submitInput(prompt, means);
  else if (prompt.kind === 'agree') submitAnswer(prompt, means);
  else submitGlass(prompt, means);
};

/** Esc in a prompt of an action: a plan that waits is declined; before that, nothing has been asked. */
export const cancelAct = (prompt: ActPrompt, means: Means): void => {
  close(means);
  if (prompt.kind === 'agree') leaveAct(means);
};

/** What the usual value is for: tab puts it where it can be edited. */
export const completed = (prompt: ActPrompt): string =>
  prompt.kind === 'input' && prompt.text === '' ? prompt.input.usual : prompt.text;

/** Pasted text may say what and why, but never that somebody agrees. */
export const mayPaste = (prompt: ActPrompt): boolean =>
  prompt.kind !== 'agree' || !['name', 'key'].includes(prompt.question.kind);
