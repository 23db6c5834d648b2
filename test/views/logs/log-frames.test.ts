import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateway, noted, otherGateway, said } from '../../support/log-items.ts';
import { logStage } from '../../support/log-stage.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/views/logs` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';

const hostile = [
  '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u001b[0m and a bell\u0007',
  'right to left \u202etxt.exe\u202c',
  '漢字かな交じり 👩‍👩‍👧 é tab\tend',
  `one megabyte ${'x'.repeat(1 << 20)}`,
  'Authorization: Bearer abcdefghijklmnop123456',
];

const words = [
  noted(0, 'joined', gateway),
  noted(0, 'joined', otherGateway, otherGateway),
  noted(1, 'rotated', 'older lines than these were rotated away on the node'),
  said(10, 'I1123 21:42:58.123456       1 main.go:12] starting'),
  said(20, '{"level":"info","ts":"2026-11-23T21:42:58Z","msg":"listening","port":8080}'),
  said(35, 'level=warn msg="slow query" took=3.2s table=orders', otherGateway),
  said(30, 'DEBUG late by five milliseconds', otherGateway),
  said(40, 'E1123 21:42:58.200000       1 conn.go:90] dial tcp 10.0.0.7:5432: connection refused'),
  said(50, 'panic: runtime error: invalid memory address'),
  noted(60, 'restarted', 'restart 8, it had ended with 2'),
  said(70, 'x'.repeat(300)),
  said(80, 'cut', gateway, { cut: true }),
  ...hostile.map((text, i) => said(100 + i, text, i % 2 === 0 ? gateway : otherGateway)),
  noted(200, 'gap', 'lines may be missing: the node did not answer for 12s'),
  noted(210, 'left', 'the pod is gone', otherGateway),
];

const keepsFrame = (name: string, frame: string): void => {
  const path = join(import.meta.dirname, '../frames', `${name}.txt`);
  if (update) writeFileSync(path, frame);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(frame);
};

const plain = (painted: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that the theme has painted
  painted.replace(/\u001b\[[0-9;]*m/g, '').replace(/ +$/gm, '');

const opened = async (ascii: boolean) => {
  const stage = logStage({ ascii });
  stage.onPod('4crcm');
  stage.press('l');
  await stage.settle();
  await stage.says(...words);
  return stage;
};

describe('frames of logs', () => {
  it.each([
    ['logs-80', 80, 30, false],
    ['logs-120', 120, 30, false],
    ['logs-200', 200, 30, false],
    ['logs-ascii-80', 80, 30, true],
    ['logs-ascii-120', 120, 30, true],
    ['logs-ascii-200', 200, 30, true],
  ] as const)(
    'given hostile lines, when %s is painted, then it is the kept frame',
    async (name, columns, rows, ascii) => {
      const stage = await opened(ascii);
      const frame = plain(stage.painted(columns, rows));
      keepsFrame(name, `${frame}\n`);
      expect(frame).not.toContain('\u001b');
      expect(frame).not.toContain('abcdefghijklmnop');
    },
  );

  it('given lines that are wrapped, then a megabyte takes a bounded number of rows and says so', async () => {
    const stage = await opened(false);
    stage.press('w', 'g');
    keepsFrame('logs-wrapped-80', `${plain(stage.painted(80, 30))}\n`);
    stage.press('/');
    stage.type('megabyte');
    stage.press('enter', 'G');
    expect(stage.text(80, 30)).toContain('characters more');
    expect(stage.text(80, 200).match(/x{40,}/g)?.length).toBeLessThanOrEqual(101);
  });

  it('given faults only, then what stands around them is there, and what is left out is counted', async () => {
    const stage = await opened(false);
    stage.press('z');
    keepsFrame('logs-faults-120', `${plain(stage.painted(120, 24))}\n`);
  });

  it('given a window that is denied, then the lines stay, and the reason and the key stand above them', async () => {
    const stage = await opened(false);
    stage.press('6');
    await stage.settle();
    stage.press('esc');
    keepsFrame('logs-asked-120', `${plain(stage.painted(120, 24))}\n`);
  });

  it('given an empty window, then the newest lines are offered', async () => {
    const stage = logStage();
    stage.onPod('4crcm');
    stage.press('l');
    await stage.settle();
    await stage.says();
    keepsFrame('logs-empty-80', `${plain(stage.painted(80, 14))}\n`);
  });

  it('given a recording, then it says what would have been asked', async () => {
    const stage = logStage({ sealed: 'This is a recording: here is what would be asked.' });
    stage.onPod('4crcm');
    stage.press('l');
    await stage.settle();
    keepsFrame('logs-sealed-120', `${plain(stage.painted(120, 20))}\n`);
    expect(stage.asked).toEqual([]);
  });
});
