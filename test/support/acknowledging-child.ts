import { openAcknowledgements } from '../../src/adapters/acknowledgements.ts';
import { systemClock } from '../../src/adapters/clock.ts';

/** Acknowledges as fast as it can until it is killed, and prints the number of each that is said to be safe. */
const [path, by] = process.argv.slice(2);
if (path === undefined || by === undefined) throw new Error('usage: acknowledging-child FILE NAME');
const { put } = openAcknowledgements({ path, clock: systemClock });
for (let at = 1; ; at += 1) {
  const note = 'n'.repeat((at * 37) % 900);
  const done = await put({ fingerprint: `${by}-${at}`, name: 'X', at, by, note, withdrawn: false });
  if (!done.ok) throw new Error(done.failure.message);
  process.stdout.write(`${at}\n`);
}
