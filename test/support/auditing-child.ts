import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { systemClock } from '../../src/adapters/clock.ts';

/** Writes to an audit as fast as it can until it is killed, and prints the number of each fact that is said to be safe. */
const [path, by] = process.argv.slice(2);
if (path === undefined || by === undefined) throw new Error('usage: auditing-child FILE NAME');
const { put } = openAudit({ path, anchors: `${path}.anchors`, clock: systemClock });
const said = { kind: 'progress', act: by, by } as const;
for (let at = 1; ; at += 1) {
  const text = 'n'.repeat((at * 37) % 1900);
  const done = await put([
    { ...said, at, text },
    { ...said, at, text: 'second' },
  ]);
  if (!done.ok) throw new Error(done.failure.message);
  process.stdout.write(`${at}\n`);
}
