import { describe, expect, it } from 'vitest';
import { sealedEffects } from '../../src/cli/sealed-effects.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { Dashboard, type DashboardOptions } from '../../src/views/dashboard.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { line } from '../../src/views/parts/line.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { rowsOf, type View } from '../../src/views/view.ts';
import { now } from '../support/objects.ts';

const nothing = () => undefined;
const list = (texts: readonly string[]): View => ({
  id: 'list',
  title: 'list',
  aliases: [],
  keys: [],
  content: () => ({
    title: 'list',
    head: [],
    rows: rowsOf(texts.map((t) => ({ key: t, selectable: true, line: line(` ${t}`) }))),
    empty: [],
  }),
});
const broken: View = {
  ...list([]),
  id: 'broken',
  content: () => {
    throw new Error('a bug\u001b[2J in a view');
  },
};

const boardOf = (view: View, more: Partial<DashboardOptions> = {}) => {
  const session = new SessionStore(newSession(placeOf(view.id)));
  const listeners = new Set<() => void>();
  const subscribe = (f: () => void) => {
    // The same function may listen to several.
    const own = () => f();
    listeners.add(own);
    return () => listeners.delete(own);
  };
  const board = new Dashboard({
    store: { world: () => emptyWorld, subscribe },
    session,
    ticker: { now: () => now, subscribe },
    views: [view, list(['elsewhere'])],
    effects: sealedEffects({
      quit: nothing,
      suspend: nothing,
      redraw: nothing,
      copy: nothing,
      setTheme: () => null,
    }),
    replay: null,
    known: () => ({
      resources: [],
      namespaces: [],
      contexts: [],
      views: [],
      actions: [],
      themes: [],
    }),
    link: () => ({ kind: 'live', roundTripMs: null }),
    production: () => false,
    look: () => ({ theme: themeOf('none'), glyphs: unicodeGlyphs }),
    ...more,
  });
  return { board, session, listeners, tick: () => listeners.forEach((f) => void f()) };
};

describe('the dashboard', () => {
  it('given any size, then it paints exactly that many rows, or says how much it needs', () => {
    const { board } = boardOf(list(['a', 'b']));
    expect(board.paint(40, 10).length).toBe(10);
    expect(board.paint(200, 60).length).toBe(60);
    expect(board.paint(39, 10)).toEqual(['terminal too small (need 40x10)']);
    expect(board.paint(5, 3)).toEqual(['termi']);
    expect(board.paint(0, 0)).toEqual(['t']);
  });

  it('given a view that throws, then its error is shown harmlessly, and the rest lives on', () => {
    const { board, session } = boardOf(broken);
    const text = board.text(80, 24);
    expect(text).toContain('this view failed: a bug in a view');
    expect(text).toContain('LIVE');
    expect(text.split('\n').length).toBe(24);
    for (const key of ['j', 'enter', 'd', 'y', 'p', '?', '?', '/', 'x', 'enter', 'G', 'ctrl-d']) {
      board.press(key);
      expect(board.paint(80, 24).length).toBe(24);
    }
    session.dispatch({ kind: 'go', view: 'list' });
    expect(board.text(80, 24)).toContain('elsewhere');
  });

  it('given the cursor, then its row is reversed to the edge and marked, and no other is', () => {
    const { board } = boardOf(list(['one', 'two']));
    const rows = board.paint(40, 10);
    const reversed = rows.filter((r) => r.includes('\u001b[7m'));
    expect(reversed.length).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
    expect(reversed[0]?.replace(/\u001b\[[\d;]*m/g, '')).toBe('❯one'.padEnd(40));
  });

  it('given signs that are wider in ASCII, then no line is wider than the terminal', () => {
    const { board } = boardOf(list([`${'→'.repeat(30)}${'x'.repeat(30)} шум…`]), {
      look: () => ({ theme: themeOf('none'), glyphs: asciiGlyphs }),
    });
    for (const row of board.paint(40, 10)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
      const text = row.replace(/\u001b\[[\d;]*m/g, '');
      expect(text.length).toBeLessThanOrEqual(40);
      expect(text).toMatch(/^[ -~]*$/);
    }
  });

  it('given a change of the world, of the session or of the time, then whoever paints is told, until he leaves', () => {
    const { board, session, tick } = boardOf(list(['a']));
    let told = 0;
    const leave = board.subscribe(() => {
      told += 1;
    });
    const before = board.version();
    tick();
    session.dispatch({ kind: 'namespace', namespace: 'x' });
    expect(told).toBe(3);
    expect(board.version()).toBeGreaterThan(before);
    leave();
    tick();
    expect(told).toBe(3);
  });

  it('given help, when it is scrolled, then the list under it is as it was', () => {
    const { board } = boardOf(list(Array.from({ length: 50 }, (_, i) => `row${i}`)));
    board.paint(80, 24);
    for (let i = 0; i < 30; i += 1) board.press('j');
    const before = board.text(80, 24);
    board.press('?');
    const top = board.text(80, 24);
    expect(top).toContain('── move');
    board.press('pagedown');
    expect(board.text(80, 24)).not.toBe(top);
    board.press('esc');
    expect(board.text(80, 24)).toBe(before);
    board.press('?');
    expect(board.text(80, 24)).toBe(top);
  });

  it('given an unknown view, then the first one is shown', () => {
    const { board, session } = boardOf(list(['a']));
    session.dispatch({ kind: 'go', view: 'nowhere' });
    expect(board.text(80, 24)).toContain('a');
    expect(board.place()).toBe('nowhere');
  });
});
