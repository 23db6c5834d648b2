import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { openRecording } from '../../../src/adapters/journal/file-recording.ts';
import { allProbes } from '../../../src/cli/probes.ts';
import { worldAt } from '../../../src/kernel/recording.ts';
import { sliceOf } from '../../../src/kernel/world.ts';
import { pods } from '../../../src/probes/pods.ts';
import { churn } from '../churn.ts';
import { type Cluster, describeWithCluster } from '../support.ts';
import { waitFor } from '../wait.ts';
import { Command, midwatch } from './command.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const PODS = 30;
const directory = mkdtempSync(join(tmpdir(), 'midwatch-record-'));
const file = (name: string): string => join(directory, `${name}.mwr`);

const recordInto = (cluster: Cluster, path: string, ...more: readonly string[]): Promise<Command> =>
  Command.start(['record', path, '--kubeconfig', cluster.kubeconfig, ...more]);

/** Resolves once the file holds the first list of everything. */
const whenFilled = (path: string): Promise<unknown> =>
  waitFor(
    { until: 'the pods are in the file', timeoutMs: 60_000 },
    () => existsSync(path) && podsIn(path) === PODS,
  );

const podsIn = (path: string): number => {
  const opened = openRecording(path, allProbes);
  if (!opened.ok) return -1;
  const recording = opened.value;
  try {
    const probes = new Map(allProbes.map((probe) => [probe.id, probe]));
    return sliceOf(worldAt(recording, probes, recording.last), pods).state.size;
  } finally {
    recording.close();
  }
};

interface Verified {
  readonly sound: boolean;
  readonly state: string;
  readonly entries: number;
  readonly last: number;
  readonly lost: { readonly bytes: number } | null;
}
const verify = async (path: string): Promise<Verified & { readonly code: number | null }> => {
  const { code, out } = await midwatch('recording', 'verify', '--json', path);
  return { code, ...(JSON.parse(out) as Verified) };
};

describeWithCluster('midwatch record', { nodes: 3, pods: PODS }, (cluster) => {
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('given a time, when it is over, then the file is sound and ends in order', async () => {
    const path = file('timed');
    const recording = await recordInto(cluster(), path, '--for', '5s');
    await whenFilled(path);
    const { code, err } = await recording.ended();
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringMatching(/\d+ entries, \d+ KiB/),
    });
    expect(await verify(path)).toMatchObject({ code: 0, sound: true, state: 'ended', lost: null });
    expect(podsIn(path)).toBe(PODS);
  });

  it('given a file, when looked into, then it says what it is about, and gives every entry', async () => {
    const path = file('timed');
    const info = await midwatch('recording', 'info', path);
    expect(info.code).toBe(0);
    expect(info.out).toMatch(/cluster +midwatch-/);
    expect(info.out).toMatch(/ended +in order/);
    const { last, entries } = await verify(path);
    const exported = await midwatch('recording', 'export', path);
    const lines = exported.out.trim().split('\n');
    expect(exported.code).toBe(0);
    expect(lines).toHaveLength(entries);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ rev: last });
    const replayed = await midwatch('replay', path);
    expect(replayed.out).toContain('30 of 30 pods well');
  });

  it('given a file that is there, when recorded into, then it is refused and left alone', async () => {
    const path = file('timed');
    const { size } = statSync(path);
    const { code, err } = await (await recordInto(cluster(), path, '--for', '2s')).ended();
    expect(code).toBe(1);
    expect(err).toContain('not recorded');
    expect(statSync(path).size).toBe(size);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('given %s, then it ends in order', async (signal) => {
    const path = file(signal);
    const recording = await recordInto(cluster(), path);
    await whenFilled(path);
    recording.kill(signal);
    expect((await recording.ended()).code).toBe(0);
    expect(await verify(path)).toMatchObject({ code: 0, sound: true, state: 'ended' });
    expect(podsIn(path)).toBe(PODS);
  });

  it('given a kill in the middle of changes, then what was written replays, and its end is told as missing', async () => {
    const path = file('killed');
    const recording = await recordInto(cluster(), path);
    await whenFilled(path);
    const changing = churn(cluster().api, { rate: 50, seconds: 4 });
    await sleep(2500);
    recording.kill('SIGKILL');
    expect((await recording.ended()).code).toBeNull();
    await changing;
    const found = await verify(path);
    expect(found).toMatchObject({ state: 'open' });
    expect(found.entries).toBeGreaterThan(PODS);
    expect(podsIn(path)).toBe(PODS);
    expect((await midwatch('recording', 'info', path)).out).toMatch(/still recording, or cut off/);
    expect((await midwatch('replay', path)).out).toMatch(/of 30 pods well/);
  });

  it('given a file whose last bytes are torn off, then verify says what is lost, and the rest replays', async () => {
    const path = file('killed');
    const whole = await verify(path);
    truncateSync(path, statSync(path).size - 7);
    const torn = await verify(path);
    expect(torn).toMatchObject({ code: 1, sound: false, lost: { bytes: expect.any(Number) } });
    expect(torn.last).toBeLessThan(whole.last);
    const { code, out } = await midwatch('recording', 'verify', path);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`lost +entries after revision ${torn.last}`));
    expect(out).toMatch(/verdict +DAMAGED/);
    expect(podsIn(path)).toBe(PODS);
  });

  it('given a credential that is refused, then that is what is recorded', async () => {
    const path = file('unreachable');
    const nobody = cluster().kubeconfigWith('nobody', { kind: 'token', token: 'no-such-token' });
    const { code } = await (
      await Command.start(['record', path, '--kubeconfig', nobody, '--for', '3s'])
    ).ended();
    expect(code).toBe(0);
    expect(await verify(path)).toMatchObject({ sound: true, state: 'ended' });
    expect((await midwatch('replay', path)).out).toContain('could not tell: not logged in');
  });
});
