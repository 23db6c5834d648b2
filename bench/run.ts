/** Measures the built program on a cluster, beside k9s where there is one. See README.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, getPriority, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { openApi, sizeOf } from './api.ts';
import { ensurePods, openBenchCluster } from './bench-cluster.ts';
import { loadAverage } from './process-use.ts';
import { explanations, linesOf, table } from './report.ts';
import { type Measured, type Row, rows } from './rows.ts';
import { type Bench, session } from './session.ts';
import { openBenchSources, watchingSources } from './sources.ts';
import { subjects } from './subject.ts';

const count = (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('give a number above 0.');
  return n;
};

const known = rows.map(({ id }) => id as string);
const ids = (text: string): readonly string[] => {
  const list = text.split(',');
  const wrong = list.find((id) => !known.includes(id));
  if (wrong !== undefined) throw new InvalidArgumentError(`rows are ${known.join(', ')}.`);
  return list;
};

const flags = new Command('bench')
  .option('--runs <n>', 'how often each program is started', count, 3)
  .option('--only <rows>', `some rows only: ${known.join(',')}`, ids)
  .option('--pods <n>', 'pods of the cluster that is started', count, 10_000)
  .option('--use-current', 'use the cluster of KUBECONFIG; its pods are changed')
  .option('--large', 'raise the cluster to 50 000 pods at the end, and measure again')
  .option('--without-k9s', 'compare with the stated figures, even where k9s is on PATH')
  .option('--out <file>', 'where to write', join(import.meta.dirname, 'RESULTS.md'))
  .parse()
  .opts<{
    runs: number;
    only?: readonly string[];
    pods: number;
    useCurrent?: boolean;
    large?: boolean;
    withoutK9s?: boolean;
    out: string;
  }>();

const largeSize = 50_000;
const wanted: readonly Row[] = rows.filter(
  ({ id, phase }) =>
    (flags.only === undefined || flags.only.includes(id)) && (phase !== 'large' || flags.large),
);

const sessionPhases = wanted
  .map(({ phase }) => phase)
  .filter((phase) => phase !== 'large' && phase !== 'sources');

const notes: string[] = [];
const report = (line: string): void => console.error(line);
/** Also told in the results: what makes figures less comparable. */
const note = (line: string): void => {
  notes.push(line);
  report(line);
};
const scratch = mkdtempSync(join(tmpdir(), 'midwatch-bench-'));
// Where the results go tells nobody anything.
const given = process.argv
  .slice(2)
  .filter((arg, i, all) => arg !== '--out' && all[i - 1] !== '--out');
const quiet = 0.7;
const loadBefore = loadAverage();
if (loadBefore > quiet)
  report(`load average ${loadBefore}: others use this machine, times will be too long`);

const cluster = await openBenchCluster(flags.useCurrent === true, flags.pods, report);
const api = openApi(cluster.kubeconfig);
try {
  const size = await sizeOf(api);
  report(`${size.pods} pods on ${size.nodes} nodes, ${size.version}`);
  const bench: Bench = {
    kubeconfig: cluster.kubeconfig,
    api,
    size,
    phases: new Set(['start', ...sessionPhases]),
    report,
  };
  const programs = subjects(scratch).filter((p) => p.name !== 'k9s' || !flags.withoutK9s);
  const measured: Record<'midwatch' | 'k9s', Measured[]> = { midwatch: [], k9s: [] };
  // In turn, so that what changes on the machine meanwhile hits both.
  for (let run = 1; run <= (sessionPhases.length === 0 ? 0 : flags.runs); run += 1) {
    for (const program of programs) {
      const one = await session(program, {
        ...bench,
        report: (line) => note(`run ${run}, ${program.name}: ${line}`),
      });
      measured[program.name].push(one);
      report(`run ${run} ${program.name} ${JSON.stringify(one)}`);
    }
  }
  const [own] = programs;
  if (wanted.some(({ phase }) => phase === 'sources') && own !== undefined) {
    const sources = await openBenchSources();
    try {
      for (let run = 1; run <= flags.runs; run += 1) {
        const one = await watchingSources(own, cluster.kubeconfig, sources);
        measured.midwatch.push(one);
        report(`run ${run} midwatch ${JSON.stringify(one)}`);
      }
    } finally {
      await sources.close();
    }
  }
  if (flags.large === true) {
    const [ours] = programs;
    if (ours === undefined) throw new Error('nothing to measure');
    const small = await session(ours, { ...bench, phases: new Set(['start', 'large']) });
    await ensurePods(api, largeSize, report);
    const big = await sizeOf(api);
    for (let run = 1; run <= flags.runs; run += 1) {
      const one = await session(ours, { ...bench, size: big, phases: new Set(['start', 'large']) });
      const grown = (one.rss ?? Number.NaN) - (small.rss ?? Number.NaN);
      const large = {
        'large-complete': one['start-complete'] ?? Number.NaN,
        'large-rss': grown / ((big.pods - size.pods) / 1000),
      };
      measured.midwatch.push(large);
      report(`run ${run} midwatch ${JSON.stringify({ ...large, rss: one.rss })}`);
    }
  }
  const lines = linesOf(wanted, measured.midwatch, measured.k9s);
  console.log(table(lines));
  const missed = lines.filter(({ verdict }) => verdict === 'missed').length;
  writeFileSync(
    flags.out,
    [
      '# Results',
      '',
      `Measured on ${new Date().toISOString().slice(0, 10)} with \`npm run bench -- ${given.join(' ')}\`.`,
      '',
      `- Machine: ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}; load average ${loadBefore} before, ${loadAverage()} after. The cluster runs on the same machine. Priority ${getPriority()} for everything but the cluster.`,
      `- Cluster: ${size.version}, ${size.pods} pods on ${size.nodes} simulated nodes.`,
      `- Programs: ${programs.map(({ name, version }) => `${name} ${version}`).join(', ')}, Node ${process.version}; terminal of 200x50.`,
      `- Each program was started ${flags.runs} times, in turn. Targets are judged by the median; ${missed === 0 ? 'none is missed' : `${missed} missed`}.`,
      ...notes.map((line) => `- ${line}`),
      '',
      table(lines),
      '',
      '## How each row is measured',
      '',
      explanations(wanted),
      '',
    ].join('\n'),
  );
} finally {
  await api.close();
  await cluster.close();
  rmSync(scratch, { recursive: true, force: true });
}
