import { systemClock } from '../../src/adapters/clock.ts';
import { openRuns } from '../../src/adapters/runs.ts';
import type { RunFact } from '../../src/kernel/run-fact.ts';

/** Walks runs as fast as it can until it is killed, and prints the number of each note that is said to be safe. */
const [path, by] = process.argv.slice(2);
if (path === undefined || by === undefined) throw new Error('usage: running-child FILE NAME');
const { put } = openRuns({ path, texts: `${path}.texts`, clock: systemClock });
const said = { run: by, by };
const runbook = { path: 'x.md', title: 'x', hash: 'a'.repeat(64) };
const safe = async (facts: readonly RunFact[]): Promise<void> => {
  const done = await put(facts);
  if (!done.ok) throw new Error(done.failure.message);
};
await safe([
  { kind: 'started', ...said, at: 0, runbook, alert: null },
  { kind: 'entered', ...said, at: 0, visit: 1, step: 's1', title: '', way: 'start' },
]);
for (let at = 1; ; at += 1) {
  await safe([
    { kind: 'note', ...said, at, text: `${at} ${'n'.repeat((at * 37) % 1900)}` },
    { kind: 'entered', ...said, at, visit: at + 1, step: `s${at + 1}`, title: '', way: 'next' },
  ]);
  process.stdout.write(`${at}\n`);
}
