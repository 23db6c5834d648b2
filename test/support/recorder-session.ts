import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openRecorder,
  type RecorderOptions,
  type RecorderStatus,
} from '../../src/adapters/journal/recorder.ts';
import { type Fact, probeId } from '../../src/kernel/fact.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { Store } from '../../src/kernel/store.ts';
import { milliseconds, noRevision, seconds } from '../../src/kernel/units.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryDisk } from './memory-disk.ts';
import { toys } from './recording-bytes.ts';
import { until } from './until.ts';

/** A journal with its store, folded at every append, and a recorder on a disk in memory. */
export const newSession = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'midwatch-recorder-'));
  const clock = new FakeClock();
  const journal = new Journal({ clock });
  const store = new Store(toys);
  const disk = new MemoryDisk();
  const path = join(directory, 'session.mwr');
  const watching = new AbortController();
  journal.watch(noRevision, (entries) => store.push(entries), watching.signal);
  const append = (...facts: Fact[]) => {
    journal.append(facts);
    store.flush();
  };
  const options = (more: Partial<RecorderOptions> = {}): RecorderOptions => ({
    path,
    journal,
    store,
    clock,
    program: 'midwatch test',
    disk,
    ...more,
  });
  return {
    directory,
    clock,
    journal,
    store,
    disk,
    path,
    append,
    options,
    clean: async () => {
      watching.abort();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

export type Session = Awaited<ReturnType<typeof newSession>>;

/** Opens a recorder and lets it run. */
export const startRecorder = async (session: Session, more: Partial<RecorderOptions> = {}) => {
  const statuses: RecorderStatus[] = [];
  const end = new AbortController();
  const opened = await openRecorder(
    session.options({ onStatus: (status) => void statuses.push(status), ...more }),
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  const done = opened.value.run(end.signal);
  const latest = (): RecorderStatus => {
    const status = statuses.at(-1);
    if (status === undefined) throw new Error('no status yet');
    return status;
  };
  return {
    statuses,
    latest,
    stop: () => {
      end.abort();
      return done;
    },
    /** Lets time pass until everything appended is safe. */
    safe: () =>
      until('everything is safe', async () => {
        if (latest().acknowledged === session.journal.head) return true;
        await session.clock.advance(seconds(1));
        return false;
      }),
    /** Lets time pass, without expecting anything of it. */
    pass: (ms: number) => session.clock.advance(milliseconds(ms)),
  };
};

const probe = probeId('toys');
export const put = (key: string, value: number): Fact => ({
  kind: 'observed',
  probe,
  scope: '',
  data: { put: key, value },
});
export const synced: Fact = { kind: 'synced', probe, scope: '' };
