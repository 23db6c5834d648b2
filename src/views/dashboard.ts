import { type Action, isAbout } from '../actions/catalogue.ts';
import { refusedWhy } from '../actions/preview.ts';
import { health } from '../findings/health.ts';
import type { Store } from '../kernel/store.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { intentOf } from './act/intent-of.ts';
import type { Known } from './command.ts';
import { Controller } from './controller.ts';
import type { Effects, ReplayControls } from './effects.ts';
import { helpLines } from './help.ts';
import { asciiGlyphs, type Glyphs, toAscii } from './parts/glyphs.ts';
import type { LinkStatus } from './parts/header.ts';
import { fit, type Line, line, lineText, span } from './parts/line.ts';
import { paint, type Theme } from './parts/theme.ts';
import type { ReplayStatus } from './parts/timebar.ts';
import { PromptKeys } from './prompt-keys.ts';
import { nodeOf, ownerOf } from './related.ts';
import { runbookUnder } from './runbook/alert-under.ts';
import { minimum, type Screen, screen } from './screen.ts';
import { placeNow, placeOf, type Session, type SessionStore } from './session.ts';
import type { ShellModel } from './shell.tsx';
import { type Target, textRows, type View } from './view.ts';

/** The time that ages are shown against, and a word when it has moved on. */
export interface Ticker {
  now(): EpochMs;
  subscribe(onTick: () => void): () => void;
}

export interface DashboardOptions {
  readonly store: Pick<Store, 'world' | 'subscribe'>;
  readonly session: SessionStore;
  readonly ticker: Ticker;
  readonly views: readonly View[];
  readonly effects: Effects;
  readonly replay: (ReplayControls & { status(): ReplayStatus }) | null;
  readonly known: (world: World) => Known;
  readonly link: (world: World, now: EpochMs) => LinkStatus;
  /** True for a context whose mistakes are expensive. */
  readonly production: (context: string) => boolean;
  readonly look: () => { readonly theme: Theme; readonly glyphs: Glyphs };
}

/** Joins the world, the session and the time into what the shell paints, and keys into what they do. */
export class Dashboard implements ShellModel {
  readonly #options: DashboardOptions;
  readonly #controller: Controller;
  readonly #prompts: PromptKeys;
  #version = 0;
  #size = { columns: 80, rows: 24 };

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { session, effects, replay, views, store } = options;
    this.#prompts = new PromptKeys({
      session,
      effects,
      replay,
      known: () => options.known(store.world()),
      act: (word, rest) => this.#controller.act(word, rest),
      log: (prompt) => this.#controller.log(prompt),
    });
    this.#controller = new Controller({
      session,
      views,
      effects,
      replay,
      links: {
        owner: (object) => ownerOf(store.world(), object),
        node: (object) => nodeOf(store.world(), object),
        runbook: (target) => runbookUnder(target, health(store.world(), options.ticker.now())),
      },
      prompts: this.#prompts,
      world: () => store.world(),
      screen: () => this.screen(this.#size.columns, this.#size.rows),
    });
  }

  readonly version = (): number => this.#version;

  readonly subscribe = (onChange: () => void): (() => void) => {
    const changed = () => {
      this.#version += 1;
      onChange();
    };
    const { store, session, ticker } = this.#options;
    const ends = [store.subscribe(changed), session.subscribe(changed), ticker.subscribe(changed)];
    return () => {
      for (const end of ends) end();
    };
  };

  readonly press = (key: string): void => this.#controller.press(key);
  readonly paste = (text: string): void => this.#controller.paste(text);

  readonly paint = (columns: number, rows: number): readonly string[] => {
    this.#size = { columns, rows };
    const { theme, glyphs } = this.#options.look();
    const ascii = glyphs === asciiGlyphs;
    if (columns < minimum.columns || rows < minimum.rows) {
      const message = `terminal too small (need ${minimum.columns}x${minimum.rows})`;
      return [message.slice(0, Math.max(1, columns))];
    }
    const { lines, selected } = this.screen(columns, rows);
    return lines.map((l, row) => {
      const shown = ascii ? asciiLine(l, columns) : l;
      return paint(
        row === selected ? filled(shown, columns, glyphs) : shown,
        theme,
        row === selected,
      );
    });
  };

  screen(columns: number, rows: number): Screen {
    const { store, session, ticker, replay, look } = this.#options;
    const world = store.world();
    const now = ticker.now();
    const view = this.#controller.view();
    const { glyphs } = look();
    const input = {
      world,
      health: health(world, now),
      session: session.get(),
      now,
      columns,
      rows,
      glyphs,
      link: this.#options.link(world, now),
      replay: replay?.status() ?? null,
      production: this.#options.production(world.origin?.context ?? ''),
      guard: this.#options.effects.act.status(),
      refused: (action: Action, target: Target) => this.#refused(action, target),
      suggestions: this.#prompts.suggestions(),
    };
    if (!input.session.help) return screen({ ...input, view });
    const under = screen({ ...input, view, session: { ...input.session, help: false } });
    const target =
      under.viewport.index < 0 ? null : under.content.rows.target(under.viewport.index);
    return screen({
      ...input,
      view: helpOn(view, replay !== null, (action) => this.#helpOf(action, target)),
      session: overlaid(input.session),
    });
  }

  /** The guards' own words, from what is remembered; '' where nothing is known to speak against it. */
  #refused(action: Action, target: Target): string {
    if (action.availability.kind === 'closed') return action.availability.why;
    const { effects, store } = this.#options;
    const intent = intentOf(action, target, store.world());
    return intent === null ? '' : refusedWhy(effects.act.preview(intent));
  }

  /** The same for what is under the cursor behind the help. */
  #helpOf(action: Action, target: Target | null): string {
    const resource = target?.object?.resource ?? '';
    if (action.availability.kind === 'closed') return action.availability.why;
    return target !== null && isAbout(action, resource) ? this.#refused(action, target) : '';
  }

  /** The screen as plain text, for a terminal that cannot be painted on, and for tests. */
  text(columns: number, rows: number): string {
    return this.screen(columns, rows).lines.map(lineText).join('\n');
  }

  place(): string {
    return placeNow(this.#options.session.get()).view;
  }
}

const helpOn = (view: View, replay: boolean, why: (action: Action) => string): View => ({
  ...view,
  content: ({ width, glyphs }) => ({
    title: 'help',
    head: [],
    rows: textRows(helpLines(view, replay, width, glyphs, why)),
    empty: [],
  }),
});

/** The session as help sees it: a place of its own on top of the one that it explains. */
const overlaid = (session: Session): Session => ({
  ...session,
  stack: [...session.stack, { ...placeOf('help'), top: session.helpTop }],
});

/** Some signs take more room in ASCII: what no longer fits is left out, without a sign that says so. */
const asciiLine = (l: Line, columns: number): Line => {
  let room = columns;
  return l.map((s) => {
    const text = toAscii(s.text).slice(0, Math.max(0, room));
    room -= text.length;
    return { ...s, text };
  });
};

/** The cursor's line reaches to the edge and begins with a sign, so that it is seen without colour too. */
const filled = (l: Line, columns: number, glyphs: Glyphs): Line => {
  const [first, ...rest] = l;
  const marked =
    first?.text.startsWith(' ') === true
      ? line(span(glyphs.cursor, 'here'), { ...first, text: first.text.slice(1) }, ...rest)
      : l;
  const text = lineText(marked);
  const missing = fit('', Math.max(0, columns - [...text].length));
  return line(marked, missing);
};
