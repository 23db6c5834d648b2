import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { LogTarget } from '../../../src/kernel/act.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { type Cluster, describeWithCluster } from '../../cluster/support.ts';
import { namespaceOf, workload } from '../../cluster/workloads.ts';
import { LiveLogs } from '../../support/live-logs.ts';
import { until as untilWithin } from '../../support/until.ts';

const running: LiveLogs[] = [];
afterEach(async () => {
  for (const logs of running.splice(0)) await logs.stop();
});

const behind = (name: string): LogTarget => ({
  namespace: 'shop',
  pods: { kind: 'selected', selector: `app=${name}` },
  containers: null,
});

const open = async (...[kubeconfig, target, bounds]: Parameters<LiveLogs['start']>) => {
  const logs = new LiveLogs();
  running.push(logs);
  return await logs.start(kubeconfig, target, bounds);
};

const until = (what: string, check: () => boolean): Promise<void> =>
  untilWithin(what, check, 180_000);

const counting = (every: string): string =>
  `i=0; while true; do i=$((i+1)); echo "line $i"; sleep ${every}; done`;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

const ready = async (cluster: Cluster, name: string, replicas = 1): Promise<void> => {
  await cluster.waitFor(
    { until: `${name} runs`, timeoutMs: 180_000, everyMs: 200 },
    async () =>
      (await cluster.request(`/apis/apps/v1/namespaces/shop/deployments/${name}`)).status
        .readyReplicas === replicas,
  );
};

const run = async (cluster: Cluster, name: string, script: string, replicas = 1): Promise<void> => {
  await cluster.apply([
    namespaceOf('shop'),
    workload(cluster, { name, namespace: 'shop', script, replicas }),
  ]);
};

describeWithCluster('logs of a real node', { realNode: true, logMaxSize: '256Ki' }, (cluster) => {
  it('given 60 seconds without an API server, when a log is followed, then no line is lost and none comes twice', async () => {
    await run(cluster(), 'counter', counting('0.05'));
    await ready(cluster(), 'counter');
    const logs = await open(cluster().kubeconfig, behind('counter'), { lease: minutes(30) });
    await until('some lines came', () => logs.lines.length > 50);
    await cluster().stopApiServer();
    const before = logs.lines.length;
    await systemClock.sleep(seconds(60), new AbortController().signal);
    await cluster().startApiServer();
    await until('the log goes on', () => logs.lines.length > before + 1000);
    const numbers = logs.numbers();
    expect(numbers).toEqual(upTo(numbers.length));
    expect(logs.notes('resumed').length).toBeGreaterThan(0);
    expect(logs.notes('gap')).toEqual([]);
  });

  it('given a log that is rotated again and again, when it is followed, then no line is lost and none comes twice', async () => {
    // About 300 KiB of log every few seconds, as often as the kubelet looks.
    const burst = `i=0; while true; do for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do i=$((i+1)); echo "line $i"; done; sleep 0.02; done`;
    await run(cluster(), 'chatty', burst);
    await ready(cluster(), 'chatty');
    const logs = await open(cluster().kubeconfig, behind('chatty'), { lease: minutes(30) });
    await until('many lines came', () => logs.lines.length > 12_000);
    await logs.stop();
    const numbers = logs.numbers();
    const jumps = numbers.filter((n, i) => i > 0 && n !== (numbers[i - 1] ?? 0) + 1);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(jumps.length === 0 || logs.notes('gap').length > 0).toBe(true);
    const late = await open(cluster().kubeconfig, behind('chatty'));
    await late.done();
    expect(late.notes('rotated').length).toBe(1);
    await cluster().kubectl(['-n', 'shop', 'delete', 'deployment', 'chatty', '--wait=false']);
  });

  it('given a container that ends and is started again, when it is followed, then every run is read to its end', async () => {
    const script =
      'for i in 1 2 3 4 5; do echo "line $i"; sleep 0.2; done; echo "last words 6"; exit 3';
    await run(cluster(), 'crashy', script);
    const logs = await open(cluster().kubeconfig, behind('crashy'), { lease: minutes(30) });
    await until('it was started three times', () => logs.notes('restarted').length >= 2);
    await until(
      'the third run is read',
      () => logs.texts().filter((t) => t === 'last words 6').length >= 3,
    );
    expect(logs.numbers().slice(0, 18)).toEqual([...upTo(6), ...upTo(6), ...upTo(6)]);
    expect(logs.notes('gap')).toEqual([]);
    const before = await open(cluster().kubeconfig, behind('crashy'), { previous: true });
    expect((await before.done()).ok).toBe(true);
    expect(before.numbers()).toEqual(upTo(6));
    await cluster().kubectl(['-n', 'shop', 'delete', 'deployment', 'crashy', '--wait=false']);
  });

  it('given several pods, when their logs are read, then as one log in the order of time', async () => {
    await run(cluster(), 'trio', counting('0.03'), 3);
    await ready(cluster(), 'trio', 3);
    const logs = await open(cluster().kubeconfig, behind('trio'), { lease: minutes(30) });
    const sources = () => [...new Set(logs.lines.map((l) => l.source))];
    await until('all of them speak', () => sources().length === 3 && logs.lines.length > 300);
    const once = await open(cluster().kubeconfig, behind('trio'));
    expect((await once.done()).ok).toBe(true);
    const stamps = once.lines.map((l) => l.stamp);
    expect(stamps).toEqual([...stamps].sort());
    expect(new Set(once.lines.map((l) => l.source)).size).toBe(3);
    await cluster().kubectl(['-n', 'shop', 'scale', 'deployment', 'trio', '--replicas=4']);
    await until('a pod has joined', () => sources().length === 4);
    await cluster().kubectl(['-n', 'shop', 'scale', 'deployment', 'trio', '--replicas=1']);
    // Whether its end or its absence is seen first depends on how long the node takes to delete it.
    const over = () => logs.notes('left').length + logs.notes('complete').length;
    await until('three are over', () => over() === 3);
    for (const source of sources()) {
      const numbers = logs.numbers(source);
      expect(numbers).toEqual(upTo(numbers.length));
    }
  });

  it('given lines that are no text, when they are read, then they come as they are, cut where they are endless', async () => {
    const script = [
      `printf '\\033]0;owned\\007\\033[2Jtitle\\n'`,
      `printf 'bad \\377\\376 bytes\\n'`,
      `head -c 10000000 /dev/zero | tr '\\0' x; echo`,
      `printf 'windows\\r\\n'`,
      'echo after',
      'sleep 3600',
    ].join('; ');
    await run(cluster(), 'hostile', script);
    await ready(cluster(), 'hostile');
    const logs = await open(cluster().kubeconfig, behind('hostile'), { lease: minutes(30) });
    await until('the last line came', () => logs.texts().includes('after'));
    const [title, bad, long, windows] = logs.lines;
    expect(title?.text).toBe('\u001b]0;owned\u0007\u001b[2Jtitle');
    expect(bad?.text).toBe('bad \ufffd\ufffd bytes');
    expect(long?.cut).toBe(true);
    expect(long?.text.length).toBe(64 * 1024);
    expect(windows?.text).toBe('windows');
  });

  it('given a user who may not read logs, when they are asked for, then that is said in the words of the server', async () => {
    const kubeconfig = await cluster().kubeconfigFor({ user: 'nobody' });
    const logs = await open(kubeconfig, behind('trio'));
    const result = await logs.done();
    expect(result.ok ? '' : result.failure.message).toMatch(/nobody.*cannot list.*pods/);
  });
});
