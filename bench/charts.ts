/** What drawing a flowchart costs, each cold start in a process of its own: `node bench/charts.ts`. */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Chart, ChartEdge, ChartNode } from '../src/runbooks/chart.ts';
import type { NodeState } from '../src/runbooks/drawing.ts';
import { spreadOf } from './statistics.ts';

/** Milliseconds that are allowed. */
const limits = { 40: 50, 200: 200, recolour: 5 } as const;
const processes = 9;
const repeats = 50;
const width = 120;

/** A runbook as people write them: steps in a row, a decision now and then, a retry here and there. */
const runbook = (count: number): Chart => {
  const nodes = Array.from({ length: count }, (_, i): ChartNode => {
    const decision = i % 4 === 3;
    const label = decision ? `Is member ${i} of etcd healthy?` : `Check dashboards of service ${i}`;
    return {
      id: `n${i}`,
      label: [label],
      shape: decision ? 'decision' : 'box',
      group: '',
      line: i,
    };
  });
  const edge = (from: number, to: number, label: string): ChartEdge[] =>
    to < 0 || to >= count
      ? []
      : [
          {
            from: `n${from}`,
            to: `n${to}`,
            label,
            stroke: 'solid',
            head: 'arrow',
            tail: 'none',
            line: from,
          },
        ];
  const edges = nodes.flatMap((node, i) =>
    node.shape === 'decision'
      ? [
          ...edge(i, i + 1, 'yes'),
          ...edge(i, i + 3, 'no'),
          ...(i % 8 === 7 ? edge(i, i - 2, 'try again') : []),
        ]
      : edge(i, i + 1, ''),
  );
  return { direction: 'TB', nodes, edges, groups: [] };
};

const cold = async (count: number): Promise<void> => {
  const chart = runbook(count);
  const { drawChart } = await import('../src/runbooks/layout/draw-chart.ts');
  const used = process.cpuUsage();
  const began = performance.now();
  const drawing = drawChart(chart, { width, ascii: false });
  drawing.rows(new Map(), new Set());
  const first = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  const cpu = (user + system) / 1000;
  const times = Array.from({ length: repeats }, (_, i) => {
    const states = new Map(
      chart.nodes.map((node, at): [string, NodeState] => [node.id, at < i ? 'done' : 'open']),
    );
    const taken = new Set(Array.from({ length: i }, (_, at) => at));
    const from = performance.now();
    drawing.rows(states, taken);
    return performance.now() - from;
  });
  const size = `${drawing.width}x${drawing.height}`;
  console.log(JSON.stringify({ first, cpu, recolour: spreadOf(times).median, size }));
};

const measure = (count: 40 | 200): boolean => {
  const results = Array.from({ length: processes }, () =>
    JSON.parse(
      execFileSync(process.execPath, [import.meta.filename, String(count)], { encoding: 'utf8' }),
    ),
  ) as { first: number; cpu: number; recolour: number; size: string }[];
  const first = spreadOf(results.map((one) => one.first));
  const recolour = spreadOf(results.map((one) => one.recolour));
  const size = results[0]?.size ?? '';
  const line = (what: string, value: number, limit: number) =>
    console.log(
      `${count} nodes (${size}), ${what}: ${value.toFixed(1)} ms, limit ${limit} ms ${value <= limit ? '' : 'EXCEEDED'}`,
    );
  line('cold, drawn and painted, median of processes', first.median, limits[count]);
  const cpu = spreadOf(results.map((one) => one.cpu));
  console.log(
    `  fastest ${first.min.toFixed(1)} ms; processor time ${cpu.median.toFixed(1)} ms, all threads; load ${loadavg()[0]?.toFixed(1)}`,
  );
  line('painted again with other states, median', recolour.median, limits.recolour);
  return first.median <= limits[count] && recolour.median <= limits.recolour;
};

const asked = Number(process.argv[2] ?? 0);
if (asked > 0) await cold(asked);
else if (![measure(40), measure(200)].every(Boolean)) process.exitCode = 1;
