import { failureText, type Result } from '../kernel/failure.ts';
import type { Access } from '../kernel/ports.ts';
import type { World } from '../kernel/world.ts';
import {
  type Identity,
  identityLine,
  kubeconfigLines,
  linkLines,
  metricsLine,
  readyLine,
  skewLine,
  type Target,
  type TimedAnswer,
  versionLine,
} from './doctor-cluster.ts';
import {
  actionQuestions,
  actionsLine,
  type DoorSeen,
  doorLine,
  execLine,
  execQuestions,
} from './doctor-door.ts';
import { bad, type DoctorLine, fine } from './doctor-line.ts';
import {
  type Answered,
  actLines,
  actQuestions,
  type Question,
  readLines,
  readQuestions,
} from './doctor-rights.ts';
import { doctorSourceLines } from './doctor-sources.ts';
import { type Terminal, terminalLines } from './doctor-terminal.ts';

/** Form of the JSON; raised when a field changes its meaning or goes away. */
export const doctorSchema = 'midwatch.doctor/v1';

/** An open way to one API server. Each method answers in bounded time. */
export interface DoctorCluster {
  get(path: string, signal: AbortSignal): Promise<Result<TimedAnswer>>;
  may(access: Access, signal: AbortSignal): Promise<Result<boolean>>;
  whoAmI(signal: AbortSignal): Promise<Result<Identity>>;
  /** What etcd, Alertmanagers and Prometheus servers say within a few seconds. */
  sources(signal: AbortSignal): Promise<World>;
}

/** Everything the doctor looks at. Wired to the machine by the command, to tables by tests. */
export interface DoctorPorts {
  readonly terminal: Terminal;
  /** Which cluster, and why that one. */
  readonly resolve: (signal: AbortSignal) => Promise<Result<Target>>;
  /** Opens the way to what `resolve` found. */
  readonly open: (signal: AbortSignal) => Promise<Result<DoctorCluster>>;
  /** Reads the configuration; `found` false is fine. */
  readonly config: () => Result<{ readonly path: string; readonly found: boolean }>;
  /** Writes and removes a file where state is kept; the directory. */
  readonly stateDir: () => Promise<Result<string>>;
  /** The door that a session on this context would have. */
  readonly door: (context: string) => Promise<DoorSeen>;
}

export interface DoctorReport {
  readonly schema: typeof doctorSchema;
  /** 0: nothing is in the way. 1: something is. */
  readonly code: 0 | 1;
  readonly lines: readonly DoctorLine[];
}

const configLine = (config: ReturnType<DoctorPorts['config']>): DoctorLine => {
  if (!config.ok) {
    return bad('configuration', failureText(config.failure), config.failure.hint ?? 'correct it');
  }
  const { path, found } = config.value;
  return fine('configuration', found ? path : `none at ${path}: defaults`);
};

const stateLine = (dir: Result<string>): DoctorLine =>
  dir.ok
    ? fine('state', `${dir.value} can be written`)
    : bad(
        'state',
        failureText(dir.failure),
        dir.failure.hint ?? 'set XDG_STATE_HOME to a directory that can be written',
      );

const answer = async (
  cluster: DoctorCluster,
  question: Question,
  namespace: string,
  signal: AbortSignal,
): Promise<Answered> => {
  const everywhere = await cluster.may(question.access, signal);
  const again = question.perNamespace && everywhere.ok && !everywhere.value && namespace !== '';
  const own = again ? await cluster.may({ ...question.access, namespace }, signal) : null;
  return { ...question, everywhere, own };
};

const clusterLines = async (
  cluster: DoctorCluster,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly DoctorLine[]> => {
  const first = await cluster.get('/version', signal);
  const usable = first.ok && first.value.status !== 401;
  const second = usable ? await cluster.get('/version', signal) : null;
  const link = linkLines(first, second);
  // Every further question would be answered with the same failure.
  if (!first.ok || !usable) return link;
  const ask = (questions: readonly Question[]) =>
    Promise.all(questions.map((q) => answer(cluster, q, namespace, signal)));
  const [ready, metrics, who, reads, acts, execs, actions, sources] = await Promise.all([
    cluster.get('/readyz?verbose', signal),
    cluster.get('/apis/metrics.k8s.io/v1beta1', signal),
    cluster.whoAmI(signal),
    ask(readQuestions),
    ask(actQuestions),
    ask(execQuestions),
    ask(actionQuestions),
    cluster.sources(signal),
  ]);
  return [
    ...link,
    skewLine(second?.ok === true ? second.value : first.value),
    versionLine(first.value),
    readyLine(ready),
    identityLine(who),
    ...readLines(reads, namespace),
    ...actLines(acts),
    actionsLine(actions),
    execLine(execs),
    metricsLine(metrics),
    ...doctorSourceLines(sources),
  ];
};

/** Looks at everything once, nearest first: what fails early explains what fails later. */
export const runDoctor = async (ports: DoctorPorts, signal: AbortSignal): Promise<DoctorReport> => {
  const lines: DoctorLine[] = [
    ...terminalLines(ports.terminal),
    configLine(ports.config()),
    stateLine(await ports.stateDir()),
  ];
  const target = await ports.resolve(signal);
  lines.push(...kubeconfigLines(target));
  if (target.ok) {
    lines.push(doorLine(await ports.door(target.value.info.context)));
    const cluster = await ports.open(signal);
    if (cluster.ok) {
      lines.push(...(await clusterLines(cluster.value, target.value.info.namespace, signal)));
    } else lines.push(...linkLines(cluster, null));
  }
  const code = lines.some((l) => l.mark === 'bad') ? 1 : 0;
  return { schema: doctorSchema, code, lines };
};

/** One line a check, its fix below it; ends with what it comes to. */
export const doctorText = ({ lines }: DoctorReport): string => {
  const width = Math.max(0, ...lines.map((l) => l.check.length));
  const count = (mark: DoctorLine['mark']) => lines.filter((l) => l.mark === mark).length;
  const body = lines.flatMap((l) => [
    `${`[${l.mark}]`.padEnd(7)}${l.check.padEnd(width)}  ${l.text}`,
    ...(l.fix === '' ? [] : [`${' '.repeat(7)}${' '.repeat(width)}  fix: ${l.fix}`]),
  ]);
  const sum = `${count('ok')} ok, ${count('warn')} to look at, ${count('bad')} in the way`;
  return `${[...body, '', sum].join('\n')}\n`;
};

export const doctorJson = (report: DoctorReport): string => `${JSON.stringify(report, null, 2)}\n`;
