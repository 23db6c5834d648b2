import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { noActs } from '../../src/views/act/effects.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import type { Effects, ReplayControls } from '../../src/views/effects.ts';
import { noLogs } from '../../src/views/logs/effects.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import type { ReplayStatus } from '../../src/views/parts/timebar.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';
import { ago, now } from './objects.ts';
import { badEvening } from './view-world.ts';

const status: ReplayStatus = {
  playing: false,
  speed: 1,
  start: ago(600),
  end: now,
  at: now,
  rev: 7,
  moments: [],
};

/** A dashboard over the bad evening that writes down what it would do outside of itself. */
export const boardWithNotes = ({
  replay = false,
  refuse = null as string | null,
  world = badEvening(),
} = {}) => {
  const done: string[] = [];
  const note =
    (name: string) =>
    (...args: readonly unknown[]): void =>
      void done.push(
        [name, ...args.map((a) => (typeof a === 'object' ? JSON.stringify(a) : a))].join(' '),
      );
  const effects: Effects = {
    quit: note('quit'),
    suspend: note('suspend'),
    redraw: note('redraw'),
    copy: note('copy'),
    load: note('load'),
    focus: note('focus'),
    switchContext: (name) => {
      done.push(`switch ${name}`);
      return refuse;
    },
    acknowledge: ({ fingerprint, note: said, withdrawn }) => {
      done.push(`${withdrawn ? 'withdraw' : 'acknowledge'} ${fingerprint} ${said}`.trim());
      return refuse;
    },
    walk: ({ intent }) => {
      done.push(`walk ${JSON.stringify(intent)}`);
      return refuse;
    },
    act: {
      ...noActs(''),
      begin: (intent) => {
        done.push(`begin ${JSON.stringify(intent)}`);
        return refuse;
      },
      agree: (id, given) => {
        done.push(`agree ${id} ${JSON.stringify(given)}`);
        return refuse;
      },
      approve: note('approve'),
      leave: note('leave'),
      abort: note('abort'),
      breakGlass: (reason, ticket) => {
        done.push(`break ${reason} / ${ticket}`);
        return refuse;
      },
      mendGlass: () => {
        done.push('mend');
        return refuse;
      },
    },
    logs: noLogs(''),
    setTheme: (name) => {
      done.push(`theme ${name}`);
      return refuse;
    },
  };
  const controls: ReplayControls = {
    toggle: note('toggle'),
    step: note('step'),
    moment: (by, kind) => {
      done.push(['moment', by, ...(kind === undefined ? [] : [kind])].join(' '));
      return `what happened ${by}`;
    },
    faster: note('faster'),
    ends: note('ends'),
    seek: (text) => {
      done.push(`seek ${text}`);
      return refuse;
    },
  };
  const views = viewsWith(
    () => [{ name: 'staging', cluster: 'c', current: false, user: 'u', namespace: '' }] as never,
  );
  const session = new SessionStore(newSession(placeOf('home')));
  const board = new Dashboard({
    store: { world: () => world, subscribe: () => () => undefined },
    session,
    ticker: { now: () => now, subscribe: () => () => undefined },
    views,
    effects,
    replay: replay ? { ...controls, status: () => status } : null,
    known: knownOf(views, () => ['staging', 'prod'], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
  });
  board.paint(120, 40);
  const press = (...keys: readonly string[]) => {
    for (const key of keys) board.press(key);
  };
  const type = (text: string) => press(...[...text].map((c) => (c === ' ' ? 'space' : c)));
  const command = (text: string) => {
    type(`:${text}`);
    press('enter');
  };
  const place = () => placeNow(session.get());
  const notice = () => session.get().notice?.text ?? '';
  return { board, session, done, press, type, command, place, notice };
};
