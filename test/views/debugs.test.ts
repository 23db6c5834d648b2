import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure } from '../../src/kernel/failure.ts';
import type { World } from '../../src/kernel/world.ts';
import { intentOfFlow } from '../../src/views/act/flow.ts';
import { debugsView } from '../../src/views/debugs.ts';
import { lineWidth } from '../../src/views/parts/line.ts';
import { placeOf } from '../../src/views/session.ts';
import { actStage } from '../support/act-stage.ts';
import { debuggedPods, shell } from '../support/debugged-pods.ts';
import { ago, pod } from '../support/objects.ts';
import { contentOf, frameOf, withFreshness } from '../support/scenes.ts';
import { worldOf } from '../support/world-of.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/views/debugs.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';

const world = worldOf({ pods: debuggedPods() });
const sgr = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

const shapes = [
  [80, 24, false],
  [120, 40, false],
  [200, 60, false],
  [80, 24, true],
] as const;

const opened = (given = world, ascii = false) => {
  const stage = actStage({ world: given, ascii });
  stage.board.paint(120, 40);
  stage.command('debugs');
  return stage;
};

describe('frames of what debugging has left behind', () => {
  it.each(shapes)(
    'given %ix%i, ascii %s, then it is the kept frame',
    async (columns, rows, ascii) => {
      const { board } = opened(world, ascii);
      board.paint(columns, rows);
      const { lines } = board.screen(columns, rows);
      expect(lines.filter((l) => lineWidth(l) > columns)).toEqual([]);
      const painted = board.paint(columns, rows).map((l) => l.replace(sgr, ''));
      if (ascii) expect(painted.join('')).toMatch(/^[\x20-\x7e]*$/);
      const text = `${painted.map((l) => l.trimEnd()).join('\n')}\n`;
      const file = `debugs-${columns}x${rows}${ascii ? '-ascii' : ''}.txt`;
      const path = join(import.meta.dirname, 'frames', file);
      if (update) writeFileSync(path, text);
      expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(text);
    },
  );
});

const asked = (stage: ReturnType<typeof opened>) => {
  const flow = stage.flow();
  return flow === null ? null : intentOfFlow(flow);
};

const textOfScreen = (given: World, columns = 120) => opened(given).text(columns);

describe('what debugging has left behind', () => {
  it('given enter, then the pod is described, with who and why', () => {
    const stage = opened();
    stage.press('enter');
    expect(stage.place()).toMatchObject({
      view: 'describe',
      args: { resource: 'pods', namespace: 'payments', name: 'payment-gateway-7d9f8c6b5-4crcm' },
    });
    const text = stage.text();
    expect(text).toContain('midwatch-x7k2p (debug container of midwatch, permanent)');
    expect(text).toContain('started by ana: INC-42 no answer from the payment gateway');
    expect(text).toContain(shell);
  });

  it('given one of ours that runs, when joined again, then that one is asked for, with its image and its target', async () => {
    const stage = opened();
    stage.press('s');
    await stage.settle();
    expect(asked(stage)).toMatchObject({
      action: 'debug',
      origin: 'screen',
      subject: { resource: 'pods', name: 'payment-gateway-7d9f8c6b5-4crcm' },
      args: { image: shell, target: 'app' },
    });
    expect(stage.sent).toEqual([]);
  });

  it('given a read-only session, then the key stands in parentheses', () => {
    const stage = actStage({ world, production: true, mode: 'read-only' });
    stage.board.paint(120, 40);
    stage.command('debugs');
    expect(stage.text()).toContain('(s) join again');
    expect(opened().text()).not.toContain('(s)');
  });

  it.each([
    [1, /joined by whoever started it/],
    [2, /not of midwatch/],
    [3, /does not run/],
    [4, /does not run/],
  ])(
    'given entry %i, which cannot be joined, when s is pressed, then it is said why, and nothing is added',
    async (down, why) => {
      const stage = opened();
      stage.press(...Array.from({ length: down }, () => 'j'), 's');
      await stage.settle();
      expect(stage.notice()).toMatch(why);
      expect(stage.flow()).toBeNull();
      expect(stage.audit).toEqual([]);
    },
  );

  it('given a debug pod that was not deleted, when ctrl-d is pressed, then deleting that very pod is asked for', async () => {
    const stage = opened();
    stage.press('G', 'ctrl-d');
    await stage.settle();
    expect(asked(stage)).toMatchObject({
      action: 'delete-pod',
      subject: {
        resource: 'pods',
        namespace: 'default',
        name: 'midwatch-node-old00',
        uid: 'uid-default-midwatch-node-old00',
      },
    });
  });

  it('given z, then what has ended is hidden; given a filter, then only what fits is there', () => {
    const stage = opened();
    stage.press('z');
    expect(stage.text()).toContain('debugs[4 of 6]');
    expect(stage.text()).not.toContain('midwatch-node-old00');
    stage.press('z', '/');
    stage.type('INC-41');
    stage.press('enter');
    expect(stage.text()).toContain('debugs[1 of 6]');
    expect(stage.text()).toContain('midwatch-b04qz');
  });

  it('given no pods that were read, then nothing is called empty', () => {
    expect(textOfScreen(worldOf({ pods: [pod('plain')] }))).toContain('nothing is left behind');
    const unread = withFreshness(worldOf({}), { kind: 'never' });
    expect(textOfScreen(unread)).not.toContain('nothing is left behind');
    const refused = failure('forbidden', 'list', 'you may not list pods');
    const closed = withFreshness(worldOf({}), {
      kind: 'failing',
      since: ago(60),
      heard: null,
      failure: refused,
    });
    expect(textOfScreen(closed)).toContain('you may not list pods');
    const old = withFreshness(world, {
      kind: 'stale',
      since: ago(600),
      heard: ago(600),
      why: 'watch connection lost',
    });
    expect(textOfScreen(old)).toContain('last known, 10m old');
  });

  it('given a recording of a version that did not look at it, then who and why are not known, and it says so', () => {
    const pods = debuggedPods().map(({ debug: _, ...rest }) => rest);
    const text = textOfScreen(worldOf({ pods }));
    expect(text).toContain('debugs[6]');
    expect(text).toContain('nobody says');
    expect(text).toContain('ends by itself in 18m');
  });

  it('given names and reasons of somebody who means harm, then lines fit, and nothing is obeyed', () => {
    const bad = `\u001b[2J\u202e\u0007${'漢字x'.repeat(300)}`;
    const [first] = debuggedPods();
    if (first?.debug === undefined) throw new Error('the first pod is debugged');
    const hostile = pod(bad, {
      namespace: bad,
      containers: first.containers.map((c) => ({ ...c, image: bad })),
      debug: {
        ...first.debug,
        containers: first.debug.containers.map((c) => ({
          ...c,
          target: bad,
          capabilities: [bad, bad],
          by: bad,
          reason: bad,
        })),
      },
    });
    for (const width of [60, 80, 120, 200]) {
      const content = contentOf(debugsView, worldOf({ pods: [hostile] }), placeOf('debugs'), {
        width,
      });
      const lines = [
        ...content.head,
        ...Array.from({ length: content.rows.length }, (_, i) => content.rows.line(i)),
      ];
      expect(lines.filter((l) => lineWidth(l) > width)).toEqual([]);
      expect(frameOf(content)).not.toContain('\u001b');
      expect(content.rows.length).toBeLessThan(30);
    }
  });
});
