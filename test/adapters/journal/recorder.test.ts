import { stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from '../../../src/adapters/journal/disk.ts';
import { openRecording } from '../../../src/adapters/journal/file-recording.ts';
import { openRecorder } from '../../../src/adapters/journal/recorder.ts';
import { infoOf, isSound, verifyRecording } from '../../../src/adapters/journal/verify.ts';
import { worldAt } from '../../../src/kernel/recording.ts';
import { milliseconds, noRevision, revision } from '../../../src/kernel/units.ts';
import {
  newSession,
  put,
  type Session,
  startRecorder,
  synced,
} from '../../support/recorder-session.ts';
import { openBuffer, toyMap, toys } from '../../support/recording-bytes.ts';
import { until } from '../../support/until.ts';

let session: Session;
beforeEach(async () => {
  session = await newSession();
});
afterEach(() => session.clean());

const recorded = (bytes = session.disk.content(session.path)) => {
  const opened = openBuffer(bytes);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
};
const journalled = (after = 0) => {
  const all = session.journal.read(revision(after));
  return 'kind' in all ? [] : all;
};

describe('recording', () => {
  it('given a session, then its file holds exactly its entries and ends in order', async () => {
    const recorder = await startRecorder(session);
    session.append(synced, put('a', 1));
    await session.clock.advance(milliseconds(1500));
    session.append(put('a', 2), { kind: 'mark', label: 'here' });
    expect(await recorder.stop()).toMatchObject({ kind: 'ended', acknowledged: 4, unsafe: 0 });
    const recording = recorded();
    expect(recording.entries(revision(1), revision(9))).toEqual(journalled());
    expect(infoOf(recording)).toMatchObject({ state: 'ended', lost: null });
    expect(worldAt(recording, toyMap, revision(4))).toEqual(session.store.world());
  });

  it('given few entries, then they are written after a second; given 250, then at once', async () => {
    const recorder = await startRecorder(session);
    session.append(synced);
    await until('it waits', () => session.clock.sleeping === 1);
    await recorder.pass(999);
    expect(recorder.latest().acknowledged).toBe(0);
    await recorder.pass(1);
    await until('it is safe', () => recorder.latest().acknowledged === 1);
    for (let i = 0; i < 250; i += 1) session.append(put('a', i));
    await until('they are safe', () => recorder.latest().acknowledged === 251);
    expect(recorder.latest()).toMatchObject({ kind: 'recording', unsafe: 0 });
    await recorder.stop();
    expect(recorded().scan.events.map((b) => b.count)).toEqual([1, 250]);
  });

  it('given a sync that has not come back, then nothing of its block is acknowledged', async () => {
    const recorder = await startRecorder(session);
    let release: () => void = () => undefined;
    const original = session.disk.files.get(session.path);
    if (original === undefined) throw new Error('no file');
    const sync = original.sync.bind(original);
    original.sync = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await sync();
    };
    for (let i = 0; i < 300; i += 1) session.append(put('a', i));
    await until('it is written', () => session.disk.content(session.path).length > 1000);
    expect(recorder.latest().acknowledged).toBe(0);
    original.sync = sync;
    release();
    await until('it is safe', () => recorder.latest().acknowledged > 0);
    await recorder.stop();
  });

  it('given a start in mid-session, then it begins with the world and tells all from there', async () => {
    session.append(synced, put('a', 1), put('b', 2));
    const recorder = await startRecorder(session);
    session.append(put('a', 5));
    await recorder.stop();
    const recording = recorded();
    expect([recording.base, recording.last, recording.snapshots]).toEqual([3, 4, [3]]);
    expect(worldAt(recording, toyMap, revision(4))).toEqual(session.store.world());
    expect(worldAt(recording, toyMap, noRevision).rev).toBe(3);
    expect(isSound(verifyRecording(recording))).toBe(true);
  });

  it('given entries while the file is being created, then none is missed', async () => {
    session.disk.before = (step) => {
      if (step === 'create') session.append(put('early', 1));
    };
    const recorder = await startRecorder(session);
    session.disk.before = () => undefined;
    await recorder.stop();
    expect(recorded().entries(revision(1), revision(9))).toEqual(journalled());
    expect(journalled().length).toBe(1);
  });

  it('given many facts, then snapshots come every so many, each equal to the fold up to it', async () => {
    const recorder = await startRecorder(session, { snapshotEvery: 100 });
    session.append(synced);
    for (let i = 0; i < 50; i += 1) {
      for (let k = 0; k < 25; k += 1) session.append(put(`k${k}`, i));
      if (i % 10 === 9) await recorder.safe();
    }
    await recorder.stop();
    const recording = recorded();
    expect(recording.snapshots.length).toBeGreaterThanOrEqual(3);
    const found = verifyRecording(recording);
    expect([found.wrongSnapshots, isSound(found)]).toEqual([[], true]);
  });

  it('given a burst, then the file never is more snapshots than entries', async () => {
    const recorder = await startRecorder(session, { snapshotEvery: 10 });
    session.append(synced, ...Array.from({ length: 5000 }, (_, i) => put(`key-${i}`, i)));
    await recorder.safe();
    for (let i = 0; i < 30; i += 1) {
      session.append(...Array.from({ length: 20 }, (_, k) => put(`key-${k}`, i)));
      await recorder.safe();
    }
    await recorder.stop();
    expect(recorded().snapshots.length).toBeLessThanOrEqual(2);
  });
});

describe('files', () => {
  it('given a file of that name, then it is refused and untouched, unless it may be overwritten', async () => {
    await writeFile(session.path, 'precious');
    const refused = await openRecorder(session.options({ disk: nodeDisk }));
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'refused', on: session.path } });
    expect((await stat(session.path)).size).toBe(8);
    const recorder = await startRecorder(session, { disk: nodeDisk, overwrite: true });
    session.append(synced);
    await recorder.stop();
    const opened = openRecording(session.path, toys);
    expect(opened.ok && opened.value.last).toBe(1);
  });

  it('given a recording on a real disk, then only its owner may read it and no lock is left', async () => {
    const recorder = await startRecorder(session, { disk: nodeDisk });
    expect((await stat(session.path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${session.path}.lock`)).isFile()).toBe(true);
    await recorder.stop();
    await expect(stat(`${session.path}.lock`)).rejects.toThrow('ENOENT');
  });

  it('given a directory that is not there, then the failure says so and leaves no lock', async () => {
    const path = `${session.directory}/none/x.mwr`;
    expect(await openRecorder(session.options({ path, disk: nodeDisk }))).toMatchObject({
      ok: false,
      failure: { kind: 'absent', message: 'no such file or directory' },
    });
  });

  it('given another that records there, then the second is refused, also with overwrite', async () => {
    const recorder = await startRecorder(session, { disk: nodeDisk });
    const second = await openRecorder(session.options({ disk: nodeDisk, overwrite: true }));
    expect(second).toMatchObject({
      ok: false,
      failure: { kind: 'refused', message: `process ${process.pid} records there` },
    });
    await recorder.stop();
  });

  it('given a lock whose process is gone, then it is taken over; one of another host stands', async () => {
    const lock = `${session.path}.lock`;
    // No process has this id: it is above what Linux ever hands out.
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    await (await startRecorder(session)).stop();
    await writeFile(lock, JSON.stringify({ pid: 1, host: 'another-host' }));
    const refused = await openRecorder(session.options({ overwrite: true }));
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'refused' } });
    await writeFile(lock, 'garbage');
    await (await startRecorder(session, { overwrite: true })).stop();
  });
});
