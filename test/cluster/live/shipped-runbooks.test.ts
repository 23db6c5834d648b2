import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { shipped } from '../../support/shipped-runbooks.ts';
import { skipReason } from '../skip-reason.ts';
import { type Lab, labObstacle, startLab } from './shipped-runbooks/lab.ts';
import { allCases, bookOf, LabStory } from './shipped-runbooks/lab-story.ts';

// All conditions come about beside each other: the first that is asked for may wait for most of them.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

describe('runbooks that are shipped', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'midwatch-shipped-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('given the set, then each has a condition that it is walked in', () => {
    const walked = new Set(allCases.map(bookOf));
    expect(shipped.map(({ name }) => name).filter((name) => !walked.has(name))).toEqual([]);
  });

  it('given the labels of an alert, when its runbook is run without a terminal, then it is found for it', async () => {
    for (const one of allCases) {
      const { alert, labels } = one;
      let out = '';
      const io = {
        env: { HOME: home, XDG_CONFIG_HOME: home },
        paints: false,
        out: (said: string) => {
          out += said;
        },
        err: (said: string) => {
          out += said;
        },
      };
      const given = Object.entries(labels).flatMap(([name, value]) => [
        '--label',
        `${name}=${value}`,
      ]);
      const code = await runProgram(['runbook', 'run', alert, '--alert', alert, ...given], io);
      expect(out, alert).toContain(`/runbooks/${bookOf(one)}: `);
      expect(out, alert).not.toContain('is not taken');
      expect(code, alert).toBe(0);
    }
  });
});

const reason = skipReason('the conditions of shipped runbooks', labObstacle);

describe.skipIf(reason)(
  `shipped runbooks in real conditions${reason ? `, skipped: ${reason}` : ''}`,
  () => {
    let lab: Lab | undefined;
    let story: LabStory | undefined;
    let over: Promise<void> = Promise.resolve();
    beforeAll(async () => {
      lab = await startLab();
      story = new LabStory(lab);
      over = story.run();
    });
    afterAll(async () => {
      await over;
      await lab?.stop();
    });

    it.each(allCases)(
      '$alert, given $given, then every reading task answers and the rules lead on',
      async (one) => {
        await story?.outcome(one);
      },
    );
  },
);
