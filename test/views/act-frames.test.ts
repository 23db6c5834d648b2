import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unknown } from '../../src/actions/guard.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { seconds } from '../../src/kernel/units.ts';
import { lineWidth } from '../../src/views/parts/line.ts';
import { type ActStageOptions, actStage } from '../support/act-stage.ts';
import { alertedEvening } from '../support/view-world.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/views/act-frames.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';

const world = {
  ...alertedEvening(),
  origin: { cluster: 'prod-eu', context: 'prod-eu', by: 'midwatch' },
};

/** What is left of the theme without colours: weight and reversal. */
const sgr = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

const zeros = (digits: string): string => '0'.repeat(digits.length);

type Stage = ReturnType<typeof actStage>;

const onNode = async (stage: Stage) => {
  stage.onNode('worker-1');
  stage.command('cordon');
  await stage.settle();
};

const agreed = async (stage: Stage) => {
  await onNode(stage);
  stage.type('worker-1');
  stage.press('enter');
  await stage.settle();
};

const untilCut: ActStageOptions['answer'] = (_, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () =>
      resolve(failed(failure('ended', 'send', 'the connection was cut'))),
    );
  });

const noWindows = unknown('the list of applications was refused: forbidden');

const scenes: readonly (readonly [string, ActStageOptions, (stage: Stage) => Promise<void>])[] = [
  ['asked', { production: true }, onNode],
  ['denied', { production: true, mode: 'read-only', facts: { windows: noWindows } }, onNode],
  [
    'glass',
    { production: true, mode: 'read-only' },
    async (stage) => {
      await onNode(stage);
      stage.command('break-glass');
      stage.type('etcd has no quorum');
      stage.press('enter');
      stage.type('INC-42');
      stage.press('enter');
      await stage.settle();
    },
  ],
  [
    'running',
    { answer: untilCut },
    async (stage) => {
      await agreed(stage);
      await stage.clock.advance(seconds(1));
      await stage.settle();
      stage.press('esc');
    },
  ],
  [
    'unknown',
    { answer: untilCut },
    async (stage) => {
      await agreed(stage);
      stage.press('esc', 'esc');
      await stage.settle();
    },
  ],
  [
    'failed',
    {
      answer: async () =>
        ok({ status: 409, body: '{"message":"the object has been modified; please apply again"}' }),
    },
    agreed,
  ],
  [
    'sealed',
    { deps: { sealed: 'This is a recording: here is what would be planned and judged.' } },
    onNode,
  ],
  [
    'acts',
    {},
    async (stage) => {
      await agreed(stage);
      stage.press('esc');
      stage.command('uncordon');
      await stage.settle();
      stage.press('esc');
      stage.command('acts');
    },
  ],
  [
    'acts-one',
    {},
    async (stage) => {
      await agreed(stage);
      stage.command('acts');
      stage.press('enter');
    },
  ],
];

const shapes = [
  [80, 24, false],
  [120, 40, false],
  [200, 60, false],
  [80, 24, true],
  [120, 40, true],
] as const;

describe('frames of actions', () => {
  it.each(
    scenes.flatMap(([name, options, play]) =>
      shapes.map(([columns, rows, ascii]) => [name, columns, rows, ascii, options, play] as const),
    ),
  )('given %s at %ix%i, ascii %s, then it is the kept frame', async (...given) => {
    const [name, columns, rows, ascii, options, play] = given;
    const stage = actStage({ world, ...options, ascii });
    stage.board.paint(columns, rows);
    await play(stage);
    const { lines } = stage.board.screen(columns, rows);
    expect(lines.filter((l) => lineWidth(l) > columns)).toEqual([]);
    const painted = stage.board.paint(columns, rows).map((l) => l.replace(sgr, ''));
    if (ascii) expect(painted.join('')).toMatch(/^[\x20-\x7e]*$/);
    // A digest says nothing of the screen, and changes with all that it is about.
    const even = painted.map((l) => l.trimEnd().replace(/\b[0-9a-f]{16,64}$/, zeros));
    const text = `${even.join('\n')}\n`;
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    const file = `act-${name}-${columns}x${rows}${ascii ? '-ascii' : ''}.txt`;
    const path = join(import.meta.dirname, 'frames', file);
    if (update) writeFileSync(path, text);
    expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(text);
  });
});
