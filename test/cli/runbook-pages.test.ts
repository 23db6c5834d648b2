import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshFor, type Page } from '../../src/adapters/runbooks/read-page.ts';
import { closedLive } from '../../src/cli/closed-plan.ts';
import { RunbookDesk } from '../../src/cli/runbook-desk.ts';
import { followPages, pageAgain } from '../../src/cli/runbook-pages.ts';
import { health } from '../../src/findings/health.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { milliseconds } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';
import { sourceAlert, withAlerts } from '../support/alert-world.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const url = 'https://r.example/pay.md';
const text = (title: string): string =>
  `# ${title}\n\n## Look\n\n\`\`\`promql {name=up type=query}\nup\n\`\`\`\n\n## Mend\n\nMend it.\n`;
const away = failed(failure('unreachable', 'fetch runbook', 'no connection', { hint: 'wait' }));

let folder: string;
let ended: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'midwatch-pages-'));
  ended = new AbortController();
});
afterEach(() => {
  ended.abort();
  rmSync(folder, { recursive: true, force: true });
});

const stage = async (first: Result<string>, name = 'PayDown') => {
  const clock = new FakeClock(now);
  const firing = sourceAlert({ alertname: name }, 60, { annotations: { runbook_url: url } });
  const state = { answer: first, note: false, world: withAlerts(worldOf({}), 'am-0', [firing]) };
  const settings = { folders: [folder], prefixes: [], fetch: true, allowHosts: ['r.example'] };
  const desk = new RunbookDesk(settings, closedLive, ended.signal);
  const shelf = await desk.open();
  if (shelf === null) throw new Error('the runbooks could not be read');
  const session = new SessionStore(newSession(placeOf('home')));
  const asked: string[] = [];
  const subscribers = new Set<() => void>();
  const read = async (at: string): Promise<Result<Page>> => {
    asked.push(at);
    if (!state.answer.ok) return state.answer;
    const from = state.note
      ? ({ kind: 'offline', failure: away.failure } as const)
      : ({ kind: 'server' } as const);
    return ok({ text: state.answer.value, fetchedAt: clock.now(), from, unkept: null });
  };
  const store = {
    world: (): World => state.world,
    subscribe: (on: () => void) => {
      subscribers.add(on);
      return () => subscribers.delete(on);
    },
  };
  followPages(desk, store, session, { clock, read }, ended.signal);
  const key = health(state.world, now).alerts.items[0]?.key ?? '';
  return {
    clock,
    state,
    asked,
    shelf,
    go: async (view = 'runbook', args: Readonly<Record<string, string>> = { alert: key }) => {
      session.dispatch({ kind: 'go', view, args });
      await settle();
    },
    shown: (): string => {
      const place = placeNow(session.get());
      const input = { world: state.world, session: session.get(), place, now: clock.now() };
      const size = { width: 120, height: 30, glyphs: unicodeGlyphs };
      const { head, rows, empty } = shelf.paint.runbook(shelf, { ...input, ...size });
      const lines = Array.from({ length: rows.length }, (_, i) => rows.line(i));
      return [...head, ...lines, ...empty].map(lineText).join('\n');
    },
  };
};

describe('a page as a runbook', () => {
  it('given an alert that links one, when somebody comes to it, then it is read once and can be walked, its age beside it', async () => {
    const { go, shown, asked, clock } = await stage(ok(text('Pay')));
    await go('alerts', {});
    expect(asked).toEqual([]);
    await go();
    expect(asked).toEqual([url]);
    expect(shown()).toContain('PayDown / Pay');
    expect(shown()).toContain(`copy of just now @ ${url}; the alert links it`);
    expect(shown()).toContain('begin a run at step 1');
    await clock.advance(milliseconds(freshFor - 1));
    expect(shown()).toContain('copy of 4m ago');
    await go('home', {});
    await go();
    expect(asked).toHaveLength(1);
    await clock.advance(milliseconds(1));
    await go('home', {});
    await go();
    expect(asked).toHaveLength(2);
  });

  it('given tasks of a page, then they are shown, and never carried out', async () => {
    const { go, shown } = await stage(ok(text('Pay')));
    await go();
    expect(shown()).toMatch(/up {2}read {2}shown only/);
    expect(shown()).toContain('its tasks are never carried out');
  });

  it('given a copy whose server is away, then that is said', async () => {
    const { go, shown, state } = await stage(ok(text('Pay')));
    state.note = true;
    await go();
    expect(shown()).toContain('its server cannot be asked now');
    expect(shown()).toContain('PayDown / Pay');
  });

  it('given a page that cannot be had, then the next rule decides, the dead link is told, and it is asked for again', async () => {
    const { go, shown, state, clock, asked } = await stage(away, 'etcdNoLeader');
    await go();
    expect(shown()).toContain('shipped/etcd-no-leader.md');
    expect(shown()).toContain('no connection');
    state.answer = ok(text('Pay'));
    await clock.advance(pageAgain);
    await settle();
    expect(asked).toEqual([url, url]);
    expect(shown()).toContain('etcdNoLeader / Pay');
  });

  it('given one by its address, then it is read and told why when it cannot be', async () => {
    const { go, shown, state, clock } = await stage(away);
    await go('runbook', { runbook: `${url}#mend` });
    expect(shown()).toMatch(/the page cannot be read[\s\S]*no connection[\s\S]*wait/);
    state.answer = ok(text('Pay'));
    await clock.advance(pageAgain);
    await settle();
    expect(shown()).toContain('Mend');
    expect(shown()).not.toContain('cannot be read');
  });

  it('given another text by the next reading, then it is the one that is shown', async () => {
    const { go, shown, state, clock } = await stage(ok(text('Pay')));
    await go();
    state.answer = ok(text('Pay anew'));
    await clock.advance(freshFor);
    await go('home', {});
    await go();
    expect(shown()).toContain('PayDown / Pay anew');
  });
});
