import { type Action, definitionOf, elsewhereText, refusal } from '../../actions/catalogue.ts';
import type { World } from '../../kernel/world.ts';
import type { Effects } from '../effects.ts';
import type { CommandId } from '../keymap.ts';
import { placeNow, type SessionStore } from '../session.ts';
import type { Target } from '../view.ts';
import { planCopy } from './asked-lines.ts';
import { lookAt } from './course-lines.ts';
import { type ActFlow, intentOfFlow, titleOf } from './flow.ts';
import { argsOf, intentOf } from './intent-of.ts';
import { questionPrompt } from './question-prompt.ts';

interface Means {
  readonly session: Pick<SessionStore, 'get' | 'dispatch'>;
  readonly effects: Pick<Effects, 'act' | 'copy'>;
}

const say = ({ session }: Pick<Means, 'session'>, tone: 'warn' | 'info', text: string): void =>
  session.dispatch({ kind: 'notice', notice: { tone, text } });

const answer = (flow: ActFlow, means: Means): void => {
  const { session } = means;
  if (flow.kind === 'ended') {
    session.dispatch({ kind: 'go', ...lookAt(flow.asked.plan.subject), instead: true });
    return session.dispatch({ kind: 'act', event: { kind: 'left' } });
  }
  if (flow.kind !== 'asked') return;
  if (flow.sealed !== '') return say(means, 'info', flow.sealed);
  const prompt = questionPrompt(flow);
  if (prompt !== null) session.dispatch({ kind: 'prompt', prompt });
};

/** Esc: what waits is declined, what runs is given up once it is known what that means. */
export const leaveAct = ({
  session,
  effects,
}: {
  readonly session: Means['session'];
  readonly effects: Pick<Effects, 'act'>;
}): void => {
  const flow = session.get().act;
  if (flow?.kind !== 'running') {
    effects.act.leave();
    if (placeNow(session.get()).view === 'act') session.dispatch({ kind: 'back' });
    return;
  }
  const { act } = flow.asked;
  if (flow.abort.kind === 'no') {
    session.dispatch({ kind: 'act', event: { kind: 'offered', act, at: flow.at } });
  } else if (flow.abort.kind === 'offered') effects.act.abort(act);
};

/** What a key of the view `act` does. */
export const runAct = (command: CommandId, means: Means): void => {
  const { session, effects } = means;
  const flow = session.get().act;
  if (command === 'act.leave') return leaveAct(means);
  if (flow === null) return;
  if (command === 'act.answer') return answer(flow, means);
  if (command === 'act.again') {
    if (flow.kind === 'running' || flow.kind === 'asking') return;
    const refused = effects.act.begin(intentOfFlow(flow));
    if (refused !== null) say(means, 'warn', refused);
  } else if (command === 'act.copy' && flow.kind === 'asked') {
    effects.copy(planCopy(flow.asked));
    say(means, 'info', 'copied the plan');
  }
};

/** Whether the program may be left: what runs is given up by a person, not by a stray key. */
export const mayQuit = ({ session, effects }: Means): boolean => {
  const { act, stack } = session.get();
  if (act?.kind === 'asked') effects.act.leave();
  if (act?.kind !== 'running') return true;
  if (stack.at(-1)?.view !== 'act') session.dispatch({ kind: 'go', view: 'act' });
  say({ session }, 'warn', `${titleOf(act)} runs; esc gives it up, then q leaves`);
  return false;
};

/** Names in command mode of what opens and closes the glass. */
export const glassCommands = [
  { id: 'break-glass', aliases: [] },
  { id: 'mend-glass', aliases: [] },
] as const;

/** Breaks or mends the glass, where the word asks for that; false where it is another word. */
export const glassCommand = (word: string, rest: string, means: Means): boolean => {
  const { session, effects } = means;
  if (word === 'mend-glass') {
    const refused = effects.act.mendGlass();
    if (refused !== null) say(means, 'warn', refused);
    return true;
  }
  if (word !== 'break-glass') return false;
  session.dispatch({
    kind: 'prompt',
    prompt: { kind: 'glass', text: rest, wrong: '', reason: null },
  });
  return true;
};

export interface BeginMeans extends Means {
  readonly world: World;
}

const aboutText = ({ title, resources }: Action): string =>
  resources.length === 0
    ? `${title} is about an object: put the cursor on one`
    : `${title} is about ${resources.join(', ')}: put the cursor on one`;

/** A key or a command that asks for an action on what is under the cursor. */
export const beginAction = (
  action: Action,
  target: Target | null,
  rest: string,
  means: BeginMeans,
): void => {
  const { effects, world } = means;
  if (action.availability.kind === 'closed') {
    return say(means, 'warn', refusal(action, target?.object ?? null, target?.facts));
  }
  const names = action.availability.definition.inputs.map((i) => i.name);
  const intent = intentOf(action, target, world, argsOf(names, rest));
  if (intent === null) return say(means, 'info', aboutText(action));
  const refused = effects.act.begin(intent);
  if (refused === null) return;
  const elsewhere =
    definitionOf(action.id) === null
      ? ''
      : elsewhereText(action, target?.object ?? null, target?.facts);
  say(
    means,
    'warn',
    `${action.title}: ${refused}${elsewhere === '' ? '' : `. Elsewhere: ${elsewhere}`}`,
  );
};
