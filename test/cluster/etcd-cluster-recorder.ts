import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createEtcdGateway,
  type EtcdCredentials,
  type EtcdGateway,
} from './etcd-cluster-gateway.ts';
import type { EtcdCluster } from './etcd-cluster-handle.ts';

export interface Question {
  readonly path: string;
  /** POSTed; a GET without. */
  readonly request?: unknown;
  readonly timeoutMs?: number;
  /** Default those of a client that etcd trusts. */
  readonly credentials?: EtcdCredentials;
}

/** Asks members and keeps what they said, in files that hold nothing else. */
export interface Recorder {
  /** One member: an object. */
  readonly one: (file: string, index: number, question: Question) => Promise<void>;
  /** Every member, in order: an array. */
  readonly all: (file: string, question: Question) => Promise<void>;
  /** The lines of /metrics that begin with one of the names. */
  readonly metrics: (file: string, index: number, names: readonly string[]) => Promise<void>;
  /** How much a member has said so far. */
  readonly logLength: (index: number) => number;
  /** The messages of a member's log from there on, without their stacks. */
  readonly log: (file: string, index: number, from: number) => void;
}

const DEFAULT_TIMEOUT_MS = 2_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const errorFields = (error: unknown) => {
  const { name, code, message } = error as Error & { code?: string | number };
  return { name, ...(code === undefined ? {} : { code }), message };
};

/** An answer, or the error there was instead, with how long it took. */
const exchange = async (
  gateway: EtcdGateway,
  { path, request, timeoutMs = DEFAULT_TIMEOUT_MS }: Question,
): Promise<unknown> => {
  const asked = { endpoint: gateway.url, method: request === undefined ? 'GET' : 'POST', path };
  const started = performance.now();
  const elapsed = () => Math.round((performance.now() - started) * 10) / 10;
  const what = { ...asked, ...(request === undefined ? {} : { request }) };
  try {
    const answer = await gateway.exchange(path, request, AbortSignal.timeout(timeoutMs));
    const { status: httpStatus, contentType } = answer;
    return { ...what, httpStatus, contentType, elapsedMs: elapsed(), body: parsed(answer.text) };
  } catch (error) {
    return { ...what, elapsedMs: elapsed(), error: errorFields(error) };
  }
};

interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly error?: string;
}

/** What of a log line tells the reason; a line that is no JSON is the beginning of a panic, or its stack. */
const logEntry = (line: string): readonly unknown[] => {
  const value = parsed(line);
  if (typeof value === 'string') return value.startsWith('panic:') ? [value] : [];
  const { level, msg, error } = value as LogLine;
  return [{ level, msg, ...(error === undefined ? {} : { error }) }];
};

export const createRecorder = (cluster: EtcdCluster, directory: string): Recorder => {
  mkdirSync(directory, { recursive: true });
  // A member writes its run directory into what it says of its files.
  const redacted = (text: string) => text.replaceAll(cluster.run.dir, '/run');
  const save = (file: string, content: string): void =>
    writeFileSync(join(directory, file), redacted(content));
  const saveJson = (file: string, content: unknown): void =>
    save(file, `${JSON.stringify(content, undefined, 2)}\n`);
  const ask = async (index: number, question: Question): Promise<unknown> => {
    const url = cluster.endpoints[index] ?? '';
    // A gateway of its own for each: what an earlier connection went through is no part of the answer.
    const gateway = createEtcdGateway(url, question.credentials ?? cluster.credentials);
    try {
      return await exchange(gateway, question);
    } finally {
      await gateway.close();
    }
  };
  const logLines = (index: number) => cluster.logTail(index, Number.MAX_SAFE_INTEGER).split('\n');
  return {
    one: async (file, index, question) => saveJson(file, await ask(index, question)),
    all: async (file, question) =>
      saveJson(file, await Promise.all(cluster.members.map((_, index) => ask(index, question)))),
    metrics: async (file, index, names) => {
      const text = await (await fetch(`${cluster.metricsUrls[index]}/metrics`)).text();
      const kept = text
        .split('\n')
        .filter((line) => names.some((name) => line.replace(/^# \w+ /, '').startsWith(name)))
        .filter((line) => !line.includes('_bucket{'));
      save(file, `${kept.join('\n')}\n`);
    },
    logLength: (index) => logLines(index).length,
    log: (file, index, from) => {
      const said = logLines(index).slice(from).flatMap(logEntry);
      if (said.length > 0) saveJson(file, said);
    },
  };
};
