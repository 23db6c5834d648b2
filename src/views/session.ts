import { absurd } from '../kernel/absurd.ts';
import type { ActPrompt } from './act/act-prompt.ts';
import { type ActEvent, type ActFlow, reduceAct } from './act/flow.ts';
import { type LogEvent, type LogFlow, reduceLogs } from './logs/flow.ts';
import type { LogPrompt } from './logs/log-prompt.ts';
import type { Walk } from './runbook/desk.ts';

/** Where the cursor is. The key wins; the index stands in when the key has gone. */
export interface Cursor {
  readonly key: string;
  readonly index: number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** One stop on the way: a view with its arguments and how it is looked at. */
export interface Place {
  readonly view: string;
  readonly args: Readonly<Record<string, string>>;
  readonly cursor: Cursor;
  readonly top: number;
  readonly filter: string;
  readonly sort: Sort | null;
  /** Shows the columns that need room. */
  readonly wide: boolean;
  /** Shows only what is not well. */
  readonly faults: boolean;
  /** Leaves out what somebody has acknowledged. */
  readonly quiet: boolean;
}

export type Prompt =
  | { readonly kind: 'command'; readonly text: string; readonly recalled: number }
  | { readonly kind: 'filter'; readonly text: string; readonly before: string }
  /** Replay: a revision, a time of day or an age to go to. */
  | { readonly kind: 'seek'; readonly text: string }
  /** A note for the acknowledgement of these alerts; it may be empty. */
  | { readonly kind: 'note'; readonly text: string; readonly alerts: readonly NotedAlert[] }
  /** Words for something in a run of a runbook, in place of the empty ones of its intent. */
  | {
      readonly kind: 'words';
      readonly text: string;
      /** What is asked for, in a word or two. */
      readonly sign: string;
      readonly hint: string;
      readonly walk: Walk;
    }
  | LogPrompt
  | ActPrompt;

export interface NotedAlert {
  readonly fingerprint: string;
  readonly name: string;
}

/** A message for the person, shown until the next key. */
export interface Notice {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly text: string;
}

/** Text fetched for a view that shows more than the world holds, e.g. the whole object as YAML. */
export type Document =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

/** How this person looks at the world. Never recorded: replay must not fight the viewer's cursor. */
export interface Session {
  readonly stack: readonly Place[];
  readonly prompt: Prompt | null;
  readonly notice: Notice | null;
  /** '' is all namespaces. */
  readonly namespace: string;
  /** Commands typed so far, oldest first, bounded. */
  readonly history: readonly string[];
  /** How many commands before the last one the walk through the history is; 0 when one was typed. */
  readonly walked: number;
  readonly documents: ReadonlyMap<string, Document>;
  readonly help: boolean;
  /** First line of help that is seen: it scrolls without moving the cursor of what is under it. */
  readonly helpTop: number;
  /** The action that this person is about. */
  readonly act: ActFlow | null;
  /** The logs that this person looks at. */
  readonly logs: LogFlow | null;
}

export type SessionEvent =
  | {
      readonly kind: 'go';
      readonly view: string;
      readonly args?: Readonly<Record<string, string>>;
      readonly filter?: string;
      readonly root?: boolean;
      /** Takes the place of the present one. */
      readonly instead?: boolean;
    }
  | { readonly kind: 'back' }
  | { readonly kind: 'cursor'; readonly cursor: Cursor; readonly top: number }
  | { readonly kind: 'filter'; readonly text: string }
  /** Other arguments of the place, beside those it has; '' takes one away. */
  | { readonly kind: 'args'; readonly args: Readonly<Record<string, string>> }
  | { readonly kind: 'sort'; readonly column: string }
  | { readonly kind: 'toggle'; readonly what: 'wide' | 'faults' | 'quiet' | 'help' }
  | { readonly kind: 'prompt'; readonly prompt: Prompt | null }
  | { readonly kind: 'notice'; readonly notice: Notice | null }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'said'; readonly command: string }
  | { readonly kind: 'walked'; readonly to: number }
  | { readonly kind: 'document'; readonly id: string; readonly document: Document }
  | { readonly kind: 'act'; readonly event: ActEvent }
  | { readonly kind: 'logs'; readonly event: LogEvent };

/** Deep enough for any walk through a cluster; the oldest stops are forgotten. */
const stackKept = 32;
const historyKept = 100;
/** Whole objects are large and only the latest few are looked at again. */
const documentsKept = 8;

const start: Cursor = { key: '', index: 0 };

export const placeOf = (
  view: string,
  args: Readonly<Record<string, string>> = {},
  filter = '',
): Place => ({
  view,
  args,
  cursor: start,
  top: 0,
  filter,
  sort: null,
  wide: false,
  faults: false,
  quiet: false,
});

export const newSession = (place: Place, namespace = ''): Session => ({
  stack: [place],
  prompt: null,
  notice: null,
  namespace,
  history: [],
  walked: 0,
  documents: new Map(),
  help: false,
  helpTop: 0,
  act: null,
  logs: null,
});

/** The place that is on screen. */
export const placeNow = (session: Session): Place => session.stack.at(-1) ?? placeOf('home');

const here = (session: Session, change: Partial<Place>): Session => ({
  ...session,
  stack: [...session.stack.slice(0, -1), { ...placeNow(session), ...change }],
});

export const reduce = (session: Session, event: SessionEvent): Session => {
  switch (event.kind) {
    case 'go': {
      const place = placeOf(event.view, event.args, event.filter);
      const before = event.instead === true ? session.stack.slice(0, -1) : session.stack;
      return {
        ...session,
        help: false,
        stack: event.root ? [place] : [...before, place].slice(-stackKept),
      };
    }
    case 'back':
      return session.stack.length > 1 ? { ...session, stack: session.stack.slice(0, -1) } : session;
    case 'cursor':
      if (session.help) return { ...session, helpTop: event.top };
      return here(session, { cursor: event.cursor, top: event.top });
    case 'filter':
      return here(session, { filter: event.text, top: 0 });
    case 'args': {
      const args = Object.entries({ ...placeNow(session).args, ...event.args });
      return here(session, { args: Object.fromEntries(args.filter(([, value]) => value !== '')) });
    }
    case 'sort': {
      const was = placeNow(session).sort;
      const descending = was?.column === event.column ? !was.descending : false;
      return here(session, { sort: { column: event.column, descending } });
    }
    case 'toggle':
      if (event.what === 'help') return { ...session, help: !session.help, helpTop: 0 };
      return here(session, { [event.what]: !placeNow(session)[event.what] });
    case 'prompt':
      return { ...session, prompt: event.prompt };
    case 'notice':
      return session.notice === event.notice ? session : { ...session, notice: event.notice };
    case 'namespace':
      return { ...session, namespace: event.namespace };
    case 'said':
      return {
        ...session,
        walked: 0,
        history: [...session.history.filter((c) => c !== event.command), event.command].slice(
          -historyKept,
        ),
      };
    case 'walked':
      return { ...session, walked: event.to };
    case 'document': {
      const documents = new Map(session.documents);
      documents.delete(event.id);
      documents.set(event.id, event.document);
      for (const id of documents.keys()) {
        if (documents.size <= documentsKept) break;
        documents.delete(id);
      }
      return { ...session, documents };
    }
    case 'act':
      return { ...session, act: reduceAct(session.act, event.event) };
    case 'logs':
      return { ...session, logs: reduceLogs(session.logs, event.event) };
    default:
      return absurd(event);
  }
};

/** Holds the session for those who paint it. */
export class SessionStore {
  #session: Session;
  readonly #subscribers = new Set<() => void>();

  constructor(session: Session) {
    this.#session = session;
  }

  readonly get = (): Session => this.#session;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  };

  dispatch(event: SessionEvent): void {
    const next = reduce(this.#session, event);
    if (next === this.#session) return;
    this.#session = next;
    for (const subscriber of [...this.#subscribers]) subscriber();
  }
}
