import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { LogScreen } from './log-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Says its last words and ends, again and again. */
const crashing = [
  'echo "gateway 2.1.0 starting"',
  'sleep 1',
  `echo 'level=warn msg="config reloaded" attempt=3'`,
  'echo "password=correcthorsebattery"',
  'echo "FATAL: failed to connect to orders-db: connection refused"',
  'exit 1',
].join('; ');

const counting = 'i=0; while true; do i=$((i+1)); echo "tick $i"; sleep 0.2; done';

describeWithCluster('logs on the screen, with a real kubelet', { realNode: true }, (cluster) => {
  let screen: LogScreen;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midwatch-logs-'));
    await cluster().apply([
      namespaceOf('payments'),
      workload(cluster(), { name: 'gateway', namespace: 'payments', script: crashing }),
      workload(cluster(), { name: 'clock', namespace: 'payments', script: counting }),
    ]);
    screen = await LogScreen.open(cluster().kubeconfig);
    await screen.until(
      'the gateway has crashed',
      (t) => /gateway-\S+.*(CrashLoop|Error)/.test(t),
      240_000,
    );
  });
  afterAll(async () => {
    await screen?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const onPod = (name: string): void => {
    screen.session.dispatch({
      kind: 'go',
      view: 'explorer',
      args: { resource: 'pods' },
      filter: name,
      root: true,
    });
    screen.press('l');
  };

  it('given a gateway that crashes, when l, then its last words are in the window, without its secret', async () => {
    onPod('gateway');
    await screen.until('its last words', (t) =>
      t.includes('FATAL: failed to connect to orders-db'),
    );
    const text = screen.text();
    expect(text).toContain('[30m default]');
    expect(text).toContain('following');
    expect(text).toMatch(/✗ \d\d:\d\d:\d\d\.\d{3} FATAL/);
    expect(text).toMatch(/▲ \d\d:\d\d:\d\d\.\d{3} warn config reloaded {2}attempt=3/);
    expect(text).not.toContain('correcthorse');
    expect(screen.audit.map((f) => f.kind)).toEqual(
      expect.arrayContaining(['asked', 'judged', 'confirmed', 'started']),
    );
  });

  it('given it is followed, when it is started again, then that is told, and its next words come', async () => {
    await screen.until('it was started again', (t) => t.includes('restarted:'), 280_000);
    await screen.until('its next words', (t) => (t.match(/FATAL/g)?.length ?? 0) >= 2);
  });

  it('given faults and a filter, then what is left out is counted; n finds the next', async () => {
    screen.press('/');
    screen.type('fatal');
    screen.press('enter');
    await screen.until('only the last words', (t) => /\d+ shown, \d+ left out/.test(t));
    expect(screen.text()).not.toContain('gateway 2.1.0 starting');
    screen.press('esc', 'z');
    expect(screen.text()).toContain('faults only');
    screen.press('z');
  });

  it('given p, then the run before is read to its end and not followed', async () => {
    screen.press('p');
    await screen.until(
      'the run before',
      (t) => t.includes('previous logs') && t.includes('all that there was'),
    );
    expect(screen.text()).toContain('FATAL: failed to connect to orders-db');
    expect(screen.text().match(/gateway 2\.1\.0 starting/g)).toHaveLength(1);
  });

  it('given s, then lines are in a new file for its owner alone, and no file is overwritten', async () => {
    const path = join(directory, 'last-words.log');
    screen.press('s');
    screen.type(path);
    screen.press('enter');
    await screen.until('it is saved', (t) => t.includes('lines are in'));
    const text = await readFile(path, 'utf8');
    expect(text).toContain('FATAL: failed to connect');
    expect(text).toContain('password=[redacted]');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    screen.press('s');
    screen.type(path);
    screen.press('enter');
    await screen.until('it is refused', (t) => t.includes('there is a file of that name'));
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('given lines that go on coming, when following is stopped and taken up, then none is lost and none comes twice', async () => {
    onPod('clock');
    await screen.until('it ticks', (t) => t.includes('tick '));
    screen.press('f');
    await screen.until('it stands still', (t) => t.includes('f goes on'));
    const before = screen.session.get().logs?.reading?.buffer.received ?? 0;
    screen.press('f');
    await screen.until(
      'it goes on',
      () => (screen.session.get().logs?.reading?.buffer.received ?? 0) > before + 20,
    );
    const ticks = (screen.session.get().logs?.reading?.lens.entries ?? [])
      .filter((e) => e.note === '')
      .map((e) => Number(e.text.split(' ')[1]));
    expect(ticks).toEqual(Array.from({ length: ticks.length }, (_, i) => (ticks[0] ?? 0) + i));
  });

  it('given a longer window than the policy has, then it is asked why; given esc, then logs are left and nothing is read', async () => {
    screen.press(':');
    screen.type('logs payments/deploy/clock since=30h');
    screen.press('enter');
    await screen.until(
      'it is asked why',
      (t) => t.includes('the limit is 1d') || t.includes('the limit is 24h'),
    );
    expect(screen.session.get().prompt).toMatchObject({ kind: 'log', what: 'agree' });
    screen.press('esc', 'esc', 'esc');
    await screen.until('the pods', (t) => t.includes('pods(all)'));
    expect(screen.session.get().logs).toBeNull();
  });
});
