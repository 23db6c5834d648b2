import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecorder } from '../../../src/adapters/journal/recorder.ts';
import { isSound, verifyRecording } from '../../../src/adapters/journal/verify.ts';
import { worldAt } from '../../../src/kernel/recording.ts';
import { kib, revision } from '../../../src/kernel/units.ts';
import type { DiskStep } from '../../support/memory-disk.ts';
import {
  newSession,
  put,
  type Session,
  startRecorder,
  synced,
} from '../../support/recorder-session.ts';
import { openBuffer, toyMap } from '../../support/recording-bytes.ts';
import { until } from '../../support/until.ts';

let session: Session;
beforeEach(async () => {
  session = await newSession();
});
afterEach(() => session.clean());

const recorded = (bytes: Buffer = session.disk.content(session.path)) => {
  const opened = openBuffer(bytes);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
};

/** Facts that do not pack well, so that the file grows. */
const noise = (n: number, seed: number) =>
  Array.from({ length: n }, (_, i) =>
    put(`k${(i * 7919 + seed) % 97}`, Math.imul(i + seed, 0x9e3779b1)),
  );

describe('a full disk', () => {
  it('given no space, then it says so and goes on by itself when there is some', async () => {
    const recorder = await startRecorder(session);
    session.append(synced, ...noise(300, 1));
    await recorder.safe();
    session.disk.room = 100;
    session.append(...noise(300, 2));
    await until('it fails', () => recorder.latest().kind === 'failing');
    expect(recorder.latest()).toMatchObject({
      acknowledged: 301,
      unsafe: 300,
      failure: { kind: 'broken', message: 'no space left on the disk', on: session.path },
    });
    session.append(...noise(50, 3));
    await recorder.pass(60_000);
    expect(recorder.latest()).toMatchObject({ kind: 'failing', unsafe: 350 });
    session.disk.room = Number.POSITIVE_INFINITY;
    await recorder.safe();
    expect(recorder.latest()).toMatchObject({ kind: 'recording', unsafe: 0 });
    expect(await recorder.stop()).toMatchObject({ kind: 'ended' });
    const found = verifyRecording(recorded());
    expect([found.entries, isSound(found)]).toEqual([651, true]);
  });

  it('given no space until the end, then it stops with what is safe and says how many are not', async () => {
    const recorder = await startRecorder(session);
    session.append(synced, ...noise(300, 1));
    await recorder.safe();
    session.disk.room = 700;
    session.append(...noise(300, 2));
    await until('it fails', () => recorder.latest().kind === 'failing');
    expect(await recorder.stop()).toMatchObject({
      kind: 'stopped',
      acknowledged: 301,
      unsafe: 300,
    });
    expect(recorded().last).toBe(301);
  });

  it('given a sync that fails, then nothing is acknowledged until one has worked', async () => {
    const recorder = await startRecorder(session);
    session.disk.before = (step) => {
      if (step === 'sync') throw Object.assign(new Error('EIO'), { code: 'EIO' });
    };
    session.append(...noise(300, 1));
    await until('it fails', () => recorder.latest().kind === 'failing');
    expect(recorder.latest()).toMatchObject({ acknowledged: 0, unsafe: 300 });
    session.disk.before = () => undefined;
    await recorder.safe();
    expect(recorded(session.disk.durable(session.path)).last).toBe(300);
    await recorder.stop();
  });

  it('given more than can wait, then it stops, and what is in the file stays good', async () => {
    const recorder = await startRecorder(session);
    session.append(synced, ...noise(300, 1));
    await recorder.safe();
    session.disk.room = 0;
    for (let i = 0; i < 26; i += 1) session.append(...noise(10_000, i));
    await recorder.pass(60_000);
    expect(await recorder.stop()).toMatchObject({
      kind: 'stopped',
      acknowledged: 301,
      unsafe: 260_000,
    });
    expect(recorded().last).toBe(301);
  });

  it('given no space for even the header, then it is refused and nothing is left', async () => {
    session.disk.room = 5;
    expect((await openRecorder(session.options())).ok).toBe(false);
    expect([...session.disk.files.keys()]).toEqual([]);
  });
});

describe('outgrowing the limit', () => {
  const maxSize = kib(24);

  /** Appends until the file has been rewritten, or the rewrite has failed. */
  const outgrow = async (recorder: Awaited<ReturnType<typeof startRecorder>>, rounds = 40) => {
    session.append(synced);
    for (let i = 0; i < rounds; i += 1) {
      session.append(...noise(250, i));
      await recorder.safe();
    }
  };

  it('given a limit, then the file stays about that small, begins with a world and tells the rest', async () => {
    const recorder = await startRecorder(session, { maxSize, snapshotEvery: 500 });
    await outgrow(recorder, 60);
    expect(await recorder.stop()).toMatchObject({ kind: 'ended', oversized: null });
    const recording = recorded();
    expect(session.disk.steps).toContain('replace');
    expect(recording.source.size).toBeLessThan(maxSize * 1.3);
    expect(recording.source.size).toBeGreaterThan(maxSize / 3);
    expect(recording.base).toBeGreaterThan(1000);
    expect(recording.last).toBe(session.journal.head);
    const found = verifyRecording(recording);
    expect([found.wrongSnapshots, isSound(found)]).toEqual([[], true]);
    expect(worldAt(recording, toyMap, recording.last)).toEqual(session.store.world());
    for (let rev = recording.base; rev <= recording.base + 3; rev = revision(rev + 1)) {
      expect(worldAt(recording, toyMap, rev).rev).toBe(rev);
    }
  });

  it('given no snapshot that is old enough, then one is made so that it can shrink', async () => {
    const recorder = await startRecorder(session, { maxSize, snapshotEvery: 1_000_000 });
    await outgrow(recorder, 60);
    await recorder.stop();
    expect(recorded().base).toBeGreaterThan(0);
    expect(recorded().source.size).toBeLessThan(maxSize * 1.5);
  });

  it('given a rewrite that is interrupted at any step, then the old file or the new one is there, whole', async () => {
    const clean = await startRecorder(session, { maxSize, snapshotEvery: 500 });
    await outgrow(clean);
    await clean.stop();
    const at = session.disk.steps.indexOf('replace');
    const first = session.disk.steps.lastIndexOf('create', at);
    expect(first).toBeGreaterThan(0);
    const bases = new Set<number>();
    for (let n = first - 1; n <= at + 1; n += 1) {
      await session.clean();
      session = await newSession();
      let torn: Buffer | null = null;
      let acknowledged = 0;
      let recorder: Awaited<ReturnType<typeof startRecorder>> | null = null;
      session.disk.before = (_: DiskStep, count) => {
        if (count - 1 < n || torn !== null) return;
        // The power goes: what is durable under the name is what the next start will find.
        torn = Buffer.from(session.disk.durable(session.path));
        acknowledged = recorder?.latest().acknowledged ?? 0;
      };
      recorder = await startRecorder(session, { maxSize, snapshotEvery: 500 });
      await outgrow(recorder);
      await recorder.stop();
      if (torn === null) throw new Error('the step was not reached');
      const found = verifyRecording(recorded(torn));
      expect(found.lost).toBe(null);
      expect(found.wrongSnapshots).toEqual([]);
      expect(found.last).toBeGreaterThanOrEqual(acknowledged);
      expect(acknowledged).toBeGreaterThan(500);
      bases.add(found.base);
    }
    expect([...bases].sort((a, b) => a - b)).toEqual([0, expect.any(Number)]);
  });

  it.each<DiskStep>(['create', 'write', 'sync', 'replace'])(
    'given a rewrite whose %s fails, then recording goes on in the old file and says that it is too large',
    async (failing) => {
      const recorder = await startRecorder(session, { maxSize, snapshotEvery: 500 });
      let rewriting = false;
      session.disk.before = (step) => {
        // A rewrite begins by removing what an earlier one may have left, and ends with the replacement.
        if (step === 'remove') rewriting = true;
        if (rewriting && step === failing) {
          rewriting = false;
          throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        }
        if (step === 'replace') rewriting = false;
      };
      await outgrow(recorder);
      expect(recorder.latest()).toMatchObject({
        kind: 'recording',
        unsafe: 0,
        oversized: { message: 'no space left on the disk' },
      });
      session.disk.before = () => undefined;
      await outgrow(recorder, 20);
      expect(recorder.latest().oversized).toBe(null);
      expect(await recorder.stop()).toMatchObject({ kind: 'ended' });
      expect(isSound(verifyRecording(recorded()))).toBe(true);
      expect([...session.disk.files.keys()]).toEqual([session.path]);
    },
  );
});
