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
    // Seen: 403.
    expect(await cost(t, 'j', cursorAt(t, 4))).toBeLessThan(540);
    expect(await cost(t, 'k', cursorAt(t, 3))).toBeLessThan(540);
  });

  it('given a table, when a page is turned, then no more than its rows are written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', 'pods(all)');
    await press(t, '\u001b[6~', cursorAt(t, 37));
    // Seen: 4396, for 35 rows.
    expect(await cost(t, '\u001b[6~', (text) => !text.includes('warehouse'))).toBeLessThan(5900);
  });

  it('given the end of a page, when the cursor moves on, then it costs one page, and the rows after it little', async () => {
    await using t = await pausedReplay({ columns: 80, rows: 24 });
    await press(t, '4', 'pods(all)');
    await press(t, 'j'.repeat(18), cursorAt(t, 21));
    // Seen: 1707 for the turn, 282 for the row after it.
    expect(await cost(t, 'j', cursorAt(t, 3))).toBeLessThan(2300);
    expect(await cost(t, 'j', cursorAt(t, 4))).toBeLessThan(380);
  });

  it('given a prompt, when a letter is typed, then one line is written', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, ':', ':');
    // Seen: 181.
    expect(await cost(t, 'p', ':p')).toBeLessThan(240);
  });

  it('given a refusal, then one line is written, and one when it goes', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', 'pods(all)');
    // Seen: 276, and 445 together with the move of the cursor.
    expect(await cost(t, 'F', 'closed for good')).toBeLessThan(370);
    expect(await cost(t, 'k', (text) => !text.includes('closed for good'))).toBeLessThan(600);
  });
});
