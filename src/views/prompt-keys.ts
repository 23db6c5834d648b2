import { noteAlerts } from './acknowledge.ts';
import type { ActPrompt } from './act/act-prompt.ts';
import { cancelAct, completed, submitAct } from './act/act-submit.ts';
import { complete, type Known, type Parsed, parseCommand } from './command.ts';
import type { Effects, ReplayControls } from './effects.ts';
import { typedBy } from './keys.ts';
import type { LogPrompt } from './logs/log-prompt.ts';
import { worded } from './runbook/worded.ts';
import { type NotedAlert, type Prompt, placeNow, type SessionStore } from './session.ts';

export interface PromptKeysOptions {
  readonly session: SessionStore;
  readonly effects: Effects;
  readonly replay: ReplayControls | null;
  /** Names that command mode knows now. */
  readonly known: () => Known;
  /** An action by its name, on what is under the cursor. */
  readonly act: (word: string, rest: string) => void;
  /** What was typed for logs. */
  readonly log: (prompt: LogPrompt) => void;
}

/** Longer input is no filter and no command. */
const longest = 200;
/** Names have up to 253 characters; a reason or the text of an annotation may be a paragraph. */
const longestOfAct = 1000;

const isOfAct = (prompt: Prompt): prompt is ActPrompt => 'wrong' in prompt;

/** What the keys do while a prompt is open, and what becomes of what was typed. */
export class PromptKeys {
  readonly #options: PromptKeysOptions;

  constructor(options: PromptKeysOptions) {
    this.#options = options;
  }

  begin(kind: 'command' | 'filter' | 'seek'): void {
    const { session } = this.#options;
    const { filter } = placeNow(session.get());
    const prompt: Prompt =
      kind === 'filter'
        ? { kind, text: filter, before: filter }
        : kind === 'command'
          ? { kind, text: '', recalled: -1 }
          : { kind, text: '' };
    session.dispatch({ kind: 'prompt', prompt });
  }

  /** Asks for a note before alerts are acknowledged. */
  ask(alerts: readonly NotedAlert[]): void {
    const noted = alerts.map(({ fingerprint, name }) => ({ fingerprint, name }));
    const prompt: Prompt = { kind: 'note', text: '', alerts: noted };
    this.#options.session.dispatch({ kind: 'prompt', prompt });
  }

  press(key: string, prompt: Prompt): void {
    const typed = typedBy(key);
    // The key that means yes is no text.
    if (prompt.kind === 'agree' && prompt.question.kind === 'key' && typed !== '') {
      submitAct({ ...prompt, text: typed }, this.#options);
    } else if (typed !== '') this.type(typed);
    else if (key === 'enter') this.#submit(prompt);
    else if (key === 'esc' || key === 'ctrl-c' || key === 'ctrl-g') this.#cancel(prompt);
    else if (key === 'backspace') this.#erase(prompt);
    else if (key === 'ctrl-u') this.#set(prompt, '');
    else if (key === 'ctrl-w') this.#set(prompt, prompt.text.replace(/\S*\s*$/, ''));
    else if (key === 'tab' || key === 'right') this.#complete(prompt);
    else if (key === 'up' || key === 'down') this.#recall(prompt, key === 'up' ? 1 : -1);
  }

  /** What no longer fits is left out. */
  type(text: string): void {
    const { prompt } = this.#options.session.get();
    if (prompt === null) return;
    const room = (isOfAct(prompt) ? longestOfAct : longest) - [...prompt.text].length;
    this.#set(prompt, prompt.text + [...text].slice(0, Math.max(0, room)).join(''));
  }

  /** Goes to and fro between the last two commands, or walks through all that were typed. */
  say(which: 'history.last' | 'history.back' | 'history.forward'): void {
    const { session } = this.#options;
    const { history, walked } = session.get();
    if (which === 'history.last') {
      const last = history.at(-2) ?? history.at(-1);
      return last === undefined ? undefined : this.#execute(last);
    }
    const to = walked + (which === 'history.back' ? 1 : -1);
    const command = to < 0 ? undefined : history.at(-1 - to);
    if (command === undefined) return;
    session.dispatch({ kind: 'walked', to });
    this.#do(parseCommand(command, this.#options.known()));
  }

  /** Completions of what is typed. */
  suggestions(): readonly string[] {
    const { prompt } = this.#options.session.get();
    return prompt?.kind === 'command' && prompt.text !== ''
      ? complete(prompt.text, this.#options.known())
      : [];
  }

  #set(prompt: Prompt, text: string): void {
    const { session } = this.#options;
    // What was wrong is being mended.
    const next = isOfAct(prompt) ? { ...prompt, text, wrong: '' } : { ...prompt, text };
    session.dispatch({ kind: 'prompt', prompt: next });
    // The list narrows while one types.
    if (prompt.kind === 'filter') session.dispatch({ kind: 'filter', text });
  }

  #erase(prompt: Prompt): void {
    // A plan that waits is not given up by erasing too much.
    if (prompt.text === '' && !isOfAct(prompt)) this.#cancel(prompt);
    else this.#set(prompt, [...prompt.text].slice(0, -1).join(''));
  }

  #cancel(prompt: Prompt): void {
    const { session } = this.#options;
    if (isOfAct(prompt)) return cancelAct(prompt, this.#options);
    if (prompt.kind === 'filter') session.dispatch({ kind: 'filter', text: prompt.before });
    session.dispatch({ kind: 'prompt', prompt: null });
  }

  #complete(prompt: Prompt): void {
    if (isOfAct(prompt)) return this.#set(prompt, completed(prompt));
    const first = this.suggestions().find((s) => s !== prompt.text);
    if (first !== undefined) this.#set(prompt, first);
  }

  #recall(prompt: Prompt, by: 1 | -1): void {
    if (prompt.kind !== 'command') return;
    const { session } = this.#options;
    const { history } = session.get();
    const recalled = Math.max(-1, Math.min(history.length - 1, prompt.recalled + by));
    const text = recalled < 0 ? '' : (history.at(-1 - recalled) ?? '');
    session.dispatch({ kind: 'prompt', prompt: { kind: 'command', text, recalled } });
  }

  #submit(prompt: Prompt): void {
    if (isOfAct(prompt)) return submitAct(prompt, this.#options);
    if (prompt.kind === 'log') return this.#options.log(prompt);
    const { session, replay } = this.#options;
    session.dispatch({ kind: 'prompt', prompt: null });
    const text = prompt.text.trim();
    if (prompt.kind === 'note') {
      return noteAlerts(prompt.alerts, { note: text, withdrawn: false }, this.#options);
    }
    if (prompt.kind === 'words')
      return this.#told(this.#options.effects.walk(worded(prompt.walk, text)));
    if (text === '') return;
    if (prompt.kind === 'command') this.#execute(text);
    if (prompt.kind === 'seek') {
      const refused = replay?.seek(text) ?? null;
      if (refused !== null) this.#warn(refused);
    }
  }

  #warn(text: string): void {
    this.#options.session.dispatch({ kind: 'notice', notice: { tone: 'warn', text } });
  }

  #execute(text: string): void {
    const { session, known } = this.#options;
    const parsed = parseCommand(text, known());
    if (parsed.kind !== 'unknown') session.dispatch({ kind: 'said', command: text });
    this.#do(parsed);
  }

  #do(parsed: Parsed): void {
    const { session, effects } = this.#options;
    switch (parsed.kind) {
      case 'quit':
        return effects.quit();
      case 'help':
        return session.dispatch({ kind: 'toggle', what: 'help' });
      case 'view':
        // It is about the alerts that one looks at.
        if (parsed.id === 'silence' || parsed.id === 'logs')
          return this.#options.act(parsed.id, '');
        return session.dispatch({ kind: 'go', view: parsed.id, root: parsed.id === 'home' });
      case 'namespace':
        session.dispatch({ kind: 'namespace', namespace: parsed.name });
        return;
      case 'theme':
        return this.#told(effects.setTheme(parsed.name));
      case 'context':
        if (parsed.name === undefined) return session.dispatch({ kind: 'go', view: 'contexts' });
        return this.#told(effects.switchContext(parsed.name));
      case 'resource': {
        if (parsed.context !== undefined) {
          const refused = effects.switchContext(parsed.context);
          if (refused !== null) return this.#warn(refused);
        }
        const { resource, namespace, filter = '', labels } = parsed;
        if (namespace !== undefined) session.dispatch({ kind: 'namespace', namespace });
        const args = labels === undefined ? { resource } : { resource, labels };
        session.dispatch({ kind: 'go', view: 'explorer', args, filter });
        return effects.focus(resource, namespace ?? session.get().namespace);
      }
      case 'action':
        return this.#options.act(parsed.id, parsed.rest);
      default:
        return this.#warn(
          parsed.suggestion === null
            ? `${parsed.why}; tab completes, :aliases lists what there is`
            : `${parsed.why}; did you mean :${parsed.suggestion}?`,
        );
    }
  }

  #told(refused: string | null): void {
    if (refused !== null) this.#warn(refused);
  }
}
