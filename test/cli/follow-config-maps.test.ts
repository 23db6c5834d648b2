import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closedLive } from '../../src/cli/closed-plan.ts';
import { readAgain, readEvery } from '../../src/cli/follow-config-maps.ts';
import { RunbookDesk } from '../../src/cli/runbook-desk.ts';
import { minutes } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { entryKey } from '../../src/views/runbook/desk.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import { type ScriptedAnswer, scriptedPorts } from '../support/scripted-port.ts';

const path = '/api/v1/namespaces/shop/configmaps/runbooks';
const key = 'configmap shop/runbooks/pay.md';

let folder: string;
let ended: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'midwatch-maps-'));
  ended = new AbortController();
});
afterEach(() => {
  ended.abort();
  rmSync(folder, { recursive: true, force: true });
});

const holding = (version: string, data: Readonly<Record<string, string>>): ScriptedAnswer => ({
  status: 200,
  body: JSON.stringify({ metadata: { resourceVersion: version }, data }),
});

const pay = (title: string): string =>
  `---\nalerts: [PayDown]\n---\n# ${title}\n\n## Look\n\nLook.\n`;

/** A desk over a folder of its own and one ConfigMap, which the test writes. */
const open = async (first: ScriptedAnswer) => {
  const answers = new Map([[path, first]]);
  const { asked, ports, clock } = scriptedPorts(answers);
  const settings = {
    folders: [folder],
    configMaps: ['shop/runbooks', 'shop/runbooks'],
    prefixes: [],
    fetch: false,
    allowHosts: [],
  };
  const desk = new RunbookDesk(settings, closedLive, ended.signal, { ...ports, clock });
  const shelf = await desk.open();
  if (shelf === null) throw new Error('the runbooks could not be read');
  let told = 0;
  desk.subscribe(() => {
    told += 1;
  });
  return {
    answers,
    asked,
    clock,
    shelf,
    told: () => told,
    title: () => shelf.bookAt(key)?.runbook.title ?? null,
    leads: () => shelf.resolve({ labels: { alertname: 'PayDown' }, annotations: {} }),
    head: (width: number): string => {
      const place = placeOf('runbooks');
      const input = { world: emptyWorld, now: clock.now(), place, session: newSession(place) };
      const content = shelf.paint.list(shelf, {
        ...input,
        width,
        height: 24,
        glyphs: unicodeGlyphs,
      });
      return content.head.map(lineText).join('\n');
    },
  };
};

describe('runbooks of a ConfigMap in a session', () => {
  it('given one, then it is read once, and stands on the shelf with its resourceVersion', async () => {
    const { asked, shelf, title, leads, head } = await open(
      holding('41', { 'pay.md': pay('Pay') }),
    );
    expect(asked).toEqual([path]);
    expect(title()).toBe('Pay');
    const source = shelf.library.sources.find((s) => s.kind === 'configMap');
    expect(source).toMatchObject({
      name: 'configmap shop/runbooks',
      commit: { kind: 'resourceVersion', id: '41' },
    });
    const found = leads();
    expect(found.kind === 'found' ? entryKey(found.entry) : found.kind).toBe(key);
    expect(head(80)).toBe('');
  });

  it('given a folder that has one for the same alert, then the folder wins, and both win over what is shipped', async () => {
    writeFileSync(join(folder, 'PayDown.md'), pay('Own'));
    const { leads, shelf } = await open(holding('41', { 'pay.md': pay('Pay') }));
    const found = leads();
    expect(found.kind === 'found' ? found.entry.title : found.kind).toBe('Own');
    expect(shelf.library.sources.map((s) => s.kind)).toEqual(['folder', 'configMap', 'shipped']);
  });

  it('given that it changes, then it is another after 10 minutes, and a run keeps the text it began with', async () => {
    const at = await open(holding('41', { 'pay.md': pay('Pay') }));
    const begun = at.shelf.bookAt(key);
    if (begun === null) throw new Error('no such runbook');
    at.answers.set(path, holding('42', { 'pay.md': pay('Pay now') }));
    at.leads();
    await at.clock.advance(minutes(9));
    expect([at.title(), at.told()]).toEqual(['Pay', 0]);
    await at.clock.advance(minutes(1));
    expect([at.title(), at.told()]).toEqual(['Pay now', 1]);
    const found = at.leads();
    expect(found.kind === 'found' ? found.entry.title : found.kind).toBe('Pay now');
    expect(at.shelf.bookOf(begun.hash)).toBe(begun);
    expect(at.shelf.textOf(begun)).toBe(pay('Pay'));
    await at.clock.advance(readEvery);
    expect([at.asked.length, at.told()]).toEqual([3, 1]);
  });

  it.each([
    [403, 'User "jo" cannot get resource "configmaps"', 'can-i get configmap/runbooks'],
    [404, 'configmaps "runbooks" not found', 'correct runbooks.configMaps'],
    [500, 'etcdserver: no leader', ''],
  ])(
    'given %i, then the list says so with what to do, and the others are there',
    async (status, body, hint) => {
      const { head, shelf } = await open({ status, body });
      for (const width of [40, 80, 200]) {
        const said = head(width).replace(/\s+/g, ' ');
        expect(said).toContain(body);
        expect(said).toContain('configmap shop/runbooks');
        expect(said.replaceAll(' ', '')).toContain(hint.replaceAll(' ', ''));
      }
      expect(shelf.library.entries.length).toBeGreaterThan(20);
    },
  );

  it('given that it comes back, then it is there a minute later; lost again, what was read stays', async () => {
    const at = await open({ status: 404, body: 'not found' });
    expect(at.title()).toBeNull();
    at.answers.set(path, holding('50', { 'pay.md': pay('Pay') }));
    await at.clock.advance(readAgain);
    expect([at.title(), at.head(80)]).toEqual(['Pay', '']);
    at.answers.set(path, { status: 403, body: 'forbidden now' });
    await at.clock.advance(readEvery);
    expect(at.title()).toBe('Pay');
    expect(at.head(80)).toContain('forbidden now');
  });

  it('given the end of the session, then it is not asked again', async () => {
    const at = await open(holding('41', { 'pay.md': pay('Pay') }));
    ended.abort();
    await at.clock.advance(minutes(60));
    expect(at.asked).toEqual([path]);
  });
});
