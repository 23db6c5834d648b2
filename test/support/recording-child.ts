import { systemClock } from '../../src/adapters/clock.ts';
import { record } from '../../src/adapters/journal/recorder.ts';
import { probeId } from '../../src/kernel/fact.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { pace } from '../../src/kernel/pace.ts';
import { Store } from '../../src/kernel/store.ts';
import { kib, milliseconds } from '../../src/kernel/units.ts';
import { toys } from './recording-bytes.ts';

/** Records as fast as it can until it is killed, and prints each revision that the recorder calls safe. */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: recording-child FILE');
const journal = new Journal({ clock: systemClock });
const store = new Store(toys);
const { signal } = new AbortController();
const paced = pace({ journal, store, clock: systemClock }, signal);
const recorded = record(
  {
    path,
    journal,
    store,
    clock: systemClock,
    program: 'midwatch test',
    overwrite: true,
    snapshotEvery: 1000,
    maxSize: kib(64),
    onStatus: ({ acknowledged, kind }) => process.stdout.write(`${kind} ${acknowledged}\n`),
  },
  signal,
);
const busy = async (): Promise<void> => {
  for (let i = 0; ; i += 1) {
    journal.append(
      Array.from({ length: 40 }, (_, k) => ({
        kind: 'observed',
        probe: probeId('toys'),
        scope: '',
        data: { put: `key-${(i + k * 31) % 200}`, value: Math.imul(i * 40 + k, 0x9e3779b1) },
      })),
    );
    await systemClock.sleep(milliseconds(1), signal);
  }
};
const ended = await Promise.race([paced, busy(), recorded]);
throw new Error(`ended before it was killed: ${JSON.stringify(ended)}`);
