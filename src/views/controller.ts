import { actionFor, actionNamed } from '../actions/catalogue.ts';
import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import { acknowledge } from './acknowledge.ts';
import { beginAction, glassCommand, mayQuit, runAct } from './act/act-commands.ts';
import { mayPaste } from './act/act-submit.ts';
import { moveCursor } from './cursor-commands.ts';
import { joinDebug } from './debugs/join-debug.ts';
import type { Effects, Links, ReplayControls } from './effects.ts';
import {
  type Binding,
  type CommandId,
  globalKeys,
  liveKeys,
  lookUp,
  replayKeys,
} from './keymap.ts';
import { beginTyped } from './logs/log-begin.ts';
import { runLogs } from './logs/log-commands.ts';
import type { LogPrompt } from './logs/log-prompt.ts';
import { submitLog } from './logs/log-submit.ts';
import type { PromptKeys } from './prompt-keys.ts';
import { runReplay } from './replay-commands.ts';
import { runWalk } from './runbook/walk-commands.ts';
import type { Screen } from './screen.ts';
import { type Prompt, placeNow, type SessionStore } from './session.ts';
import type { ObjectRef, Target, View } from './view.ts';

export interface ControllerOptions {
  readonly session: SessionStore;
  readonly views: readonly View[];
  /** The screen as it is now, for what is under the cursor. */
  readonly screen: () => Screen;
  readonly world: () => World;
  readonly effects: Effects;
  readonly replay: ReplayControls | null;
  readonly links: Links;
  readonly prompts: Pick<PromptKeys, 'press' | 'type' | 'begin' | 'say' | 'ask'>;
}

/** Keys to commands to session events and effects. The only place that hears keys. */
export class Controller {
  readonly #options: ControllerOptions;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  view(): View {
    const { views, session } = this.#options;
    const id = placeNow(session.get()).view;
    return views.find((v) => v.id === id) ?? (views[0] as View);
  }

  /** One key by its name. Keys that mean nothing here do nothing. */
  press(key: string): void {
    const { session } = this.#options;
    const now = session.get();
    if (now.notice !== null) session.dispatch({ kind: 'notice', notice: null });
    if (now.prompt !== null) return this.#typed(key, now.prompt);
    const binding = lookUp(key, this.layers());
    const target = this.#target();
    const object = target?.object;
    // A key of this view wins over an action of the same letter; an action wins over what works everywhere.
    const own = binding !== null && this.view().keys.includes(binding);
    const action = object === undefined || own ? null : actionFor(key, object.resource);
    if (action !== null) beginAction(action, target, '', this.#means());
    else if (binding !== null) this.#run(binding.command);
  }

  /** An action by its name in command mode, on what is under the cursor; `rest` is what was typed behind it. */
  act(word: string, rest: string): void {
    if (glassCommand(word, rest, this.#options)) return;
    if (rest !== '' && beginTyped(word, rest, this.#options)) return;
    const target = this.#target();
    const action = actionNamed(word, target?.object?.resource);
    if (action?.id === 'silence-create' && rest === '') return this.#silence(target?.silence);
    if (action !== null) beginAction(action, target, rest, this.#means());
  }

  /** Enter in a prompt of logs. */
  log(prompt: LogPrompt): void {
    submitLog(prompt, this.#options);
  }

  /** Pasted text goes into an open prompt and nowhere else: a paste is never a command. */
  paste(text: string): void {
    const { session } = this.#options;
    const { prompt } = session.get();
    if (prompt !== null && 'wrong' in prompt && !mayPaste(prompt)) {
      const wrong = 'pasted text agrees to nothing: type it';
      return session.dispatch({ kind: 'prompt', prompt: { ...prompt, wrong } });
    }
    if (prompt === null) {
      this.#notice('info', 'pasted text is ignored here; open : or / first');
      return;
    }
    this.#options.prompts.type(plainText(text).replace(/ +/g, ' '));
  }

  /** Bindings in force, strongest first. */
  layers(): readonly (readonly Binding[])[] {
    const own = this.#options.session.get().help ? [] : this.view().keys;
    return [own, this.#options.replay === null ? liveKeys : replayKeys, globalKeys];
  }

  #means() {
    return { ...this.#options, world: this.#options.world() };
  }

  /** What waits for an answer can be read while it is answered: the arrows scroll it. */
  #typed(key: string, prompt: Prompt): void {
    const scrolls = prompt.kind === 'agree' && /^(?:up|down|page(?:up|down))$/.test(key);
    const binding = scrolls ? lookUp(key, [globalKeys]) : null;
    if (binding === null) this.#options.prompts.press(key, prompt);
    else this.#run(binding.command);
  }

  #target(): Target | null {
    const { content, viewport } = this.#options.screen();
    return viewport.index < 0 ? null : content.rows.target(viewport.index);
  }

  #object(): ObjectRef | null {
    const { args, view } = placeNow(this.#options.session.get());
    const under = this.#target()?.object;
    if (under !== undefined) return under;
    if ((view === 'describe' || view === 'yaml') && args.resource !== undefined) {
      return { resource: args.resource, namespace: args.namespace ?? '', name: args.name ?? '' };
    }
    return null;
  }

  #notice(tone: 'bad' | 'warn' | 'info', text: string): void {
    this.#options.session.dispatch({ kind: 'notice', notice: { tone, text } });
  }

  #run(command: CommandId): void {
    const { session, effects, prompts, screen } = this.#options;
    if (command.startsWith('cursor.')) return moveCursor(command, session, screen());
    if (command.startsWith('act.')) return runAct(command, this.#options);
    if (command.startsWith('logs.')) return runLogs(command, this.#options);
    if (command.startsWith('replay.')) return runReplay(command, this.#options);
    if (command.startsWith('sort.'))
      return session.dispatch({ kind: 'sort', column: command.slice(5) });
    if (command.startsWith('view.')) return this.#digit(command.slice(5));
    if (command.startsWith('runbook.')) {
      const { act } = screen().content;
      const otherwise = runWalk(act?.(command) ?? null, command, this.#options);
      return otherwise === null ? undefined : this.#run(otherwise);
    }
    switch (command) {
      case 'quit':
        return mayQuit(this.#options) ? effects.quit() : undefined;
      case 'suspend':
        return effects.suspend();
      case 'redraw':
        return effects.redraw();
      case 'back':
        return this.#back();
      case 'help':
        return session.dispatch({ kind: 'toggle', what: 'help' });
      case 'filter':
        // One sees what one filters.
        if (session.get().help) session.dispatch({ kind: 'toggle', what: 'help' });
        this.#filterable();
        return prompts.begin(command);
      case 'command':
        return prompts.begin(command);
      case 'open':
        return this.#open(this.#target()?.open);
      case 'describe':
      case 'yaml':
        return this.#about(command, this.#object());
      case 'owner':
      case 'node':
        return this.#linked(command);
      case 'proof':
        return this.#proof();
      case 'join':
        return joinDebug(this.#target(), this.#means());
      case 'acknowledge':
        return acknowledge(this.#target()?.alerts?.() ?? [], this.#options);
      case 'silence':
        return this.#silence(this.#target()?.silence);
      case 'about':
        return this.#open(this.#target()?.related);
      case 'runbook':
        return this.#open(this.#options.links.runbook(this.#target()));
      case 'wide':
      case 'faults':
      case 'quiet':
        return session.dispatch({ kind: 'toggle', what: command });
      case 'namespace.all':
        return session.dispatch({ kind: 'namespace', namespace: '' });
      case 'home':
        return session.dispatch({ kind: 'go', view: 'home', root: true });
      case 'copy': {
        const object = this.#object();
        if (object === null) return;
        effects.copy(object.name);
        return this.#notice('info', `copied ${object.name}`);
      }
      case 'history.last':
      case 'history.back':
      case 'history.forward':
        return prompts.say(command);
      default:
        return undefined;
    }
  }

  #filterable(): void {
    const { filtersIn } = this.view();
    if (filtersIn !== undefined) this.#options.session.dispatch({ kind: 'go', view: filtersIn });
  }

  /** The digits of the strip. */
  #digit(digit: string): void {
    const { session, views } = this.#options;
    const view = views.find((v) => v.digit === digit);
    const resource = { '3': 'nodes', '4': 'pods' }[digit];
    if (view !== undefined) session.dispatch({ kind: 'go', view: view.id });
    else if (resource !== undefined)
      session.dispatch({ kind: 'go', view: 'explorer', args: { resource } });
  }

  // Esc gives up one thing at a time: help, then the filter, then the place.
  #back(): void {
    const { session } = this.#options;
    const now = session.get();
    if (now.help) session.dispatch({ kind: 'toggle', what: 'help' });
    else if (placeNow(now).filter !== '') session.dispatch({ kind: 'filter', text: '' });
    else session.dispatch({ kind: 'back' });
  }

  #open(open: Target['open']): void {
    if (open === undefined) return;
    const { session, effects } = this.#options;
    if (open.view === 'context') {
      const refused = effects.switchContext(open.args.context ?? '');
      return refused === null ? undefined : this.#notice('warn', refused);
    }
    session.dispatch({ kind: 'go', ...open });
    const { resource, namespace, name } = open.args;
    if (resource === undefined) return;
    if (open.view === 'explorer') effects.focus(resource, namespace ?? '');
    if (open.view === 'describe' && name !== undefined) {
      effects.load('describe', { resource, namespace: namespace ?? '', name });
    }
  }

  #about(view: 'describe' | 'yaml', object: ObjectRef | null): void {
    if (object === null) return;
    const { session, effects } = this.#options;
    session.dispatch({ kind: 'go', view, args: { ...object } });
    effects.load(view, object);
  }

  #linked(way: 'owner' | 'node'): void {
    const object = this.#object();
    if (object === null) return;
    const to = this.#options.links[way](object);
    if (to === null) this.#notice('info', `${object.name} has no ${way} that is known here`);
    else this.#about('describe', to);
  }

  #silence(args: Target['silence']): void {
    const own = this.#options.screen().content.act?.('silence') ?? null;
    if (own?.kind === 'begin') {
      const refused = this.#options.effects.act.begin(own.intent);
      return refused === null ? undefined : this.#notice('warn', refused);
    }
    if (args === undefined) return this.#notice('info', 'only alerts can be silenced');
    this.#options.session.dispatch({ kind: 'go', view: 'silence', args });
  }

  #proof(): void {
    const { content, viewport } = this.#options.screen();
    if (viewport.index < 0) return;
    const args = content.rows.target(viewport.index)?.proof ?? {
      finding: content.rows.key(viewport.index),
    };
    this.#options.session.dispatch({ kind: 'go', view: 'proof', args });
  }
}
