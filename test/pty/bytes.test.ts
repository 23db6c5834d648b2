import { beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from '../support/built.ts';
import { pausedReplay, press } from '../support/midwatch.ts';
import type { Terminal } from '../support/terminal.ts';

beforeAll(async () => void (await builtProgram()));

/** Bytes that the terminal gets for some keys, once it has been quiet. */
const cost = async (
  t: Terminal,
  keys: string,
  shows: string | ((text: string) => boolean),
): Promise<number> => {
  await t.quiet(500);
  const before = t.written;
  await press(t, keys, shows);
  await t.quiet(500);
  return t.written - before;
};
const cursorAt = (t: Terminal, row: number) => () => t.reversedRows()[0] === row;

// Budgets are what was seen, and about a third more. Over a slow line a kilobyte is a tenth of a second.
describe('bytes to the terminal', () => {
  it('given a paused replay, when nothing is touched, then nothing is written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await t.quiet(1000);
    const before = t.written;
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(t.written - before).toBe(0);
  });

  it('given a table, when the cursor moves, then about two rows are written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', 'pods(all)');
    // Seen: 370 to 420.
    expect(await cost(t, 'j', cursorAt(t, 4))).toBeLessThan(560);
    expect(await cost(t, 'k', cursorAt(t, 3))).toBeLessThan(560);
  });

  it('given a table, when a page is turned, then no more than its rows are written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', 'pods(all)');
    await press(t, '\u001b[6~', cursorAt(t, 37));
    // Seen: 4.1 kB for 35 rows.
    expect(await cost(t, '\u001b[6~', (text) => !text.includes('warehouse'))).toBeLessThan(5600);
  });

  it('given the end of a page, when the cursor moves on, then it costs one page, and the rows after it little', async () => {
    await using t = await pausedReplay({ columns: 80, rows: 24 });
    await press(t, '4', 'pods(all)');
    await press(t, 'j'.repeat(18), cursorAt(t, 21));
    // Seen: 2.3 kB for the turn, 300 for each row after it.
    expect(await cost(t, 'j', cursorAt(t, 3))).toBeLessThan(3100);
    expect(await cost(t, 'j', cursorAt(t, 4))).toBeLessThan(450);
  });

  it('given a prompt, when a letter is typed, then one line is written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, ':', ':');
    // Seen: 110 to 140.
    expect(await cost(t, 'p', ':p')).toBeLessThan(220);
  });

  it('given a refusal, then one line is written, and one when it goes', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', 'pods(all)');
    // Seen: 240, and 450 together with the move of the cursor.
    expect(await cost(t, 'l', 'only observes')).toBeLessThan(330);
    expect(await cost(t, 'k', (text) => !text.includes('only observes'))).toBeLessThan(620);
  });
});
