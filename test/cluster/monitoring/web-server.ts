import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freezeProcess, thawProcess } from '../freeze.ts';
import {
  endProcess,
  logTail,
  type ProcessSpec,
  processRecord,
  startProcess,
  waitReady,
} from '../process.ts';
import type { Run } from '../run-dir.ts';
import type { WebClient } from './web-client.ts';

/** The process behind a web server, that can be ended and started again on its port. */
export interface WebServer {
  readonly start: (signal?: AbortSignal) => Promise<void>;
  /** SIGKILL, as a crash; with `graceMs` it may first write down what it knows. Waits until it is gone. */
  readonly kill: (graceMs?: number) => Promise<void>;
  /** Frozen: connections stay open and nothing answers. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  /** The last lines of its log. */
  readonly logTail: (lines?: number) => string;
}

const READY_TIMEOUT_MS = 30_000;

/** Ready once `/-/ready` says so. */
export const webServer = (run: Run, spec: ProcessSpec, client: WebClient): WebServer => ({
  start: async (signal) => {
    const record = await startProcess(run, spec);
    const ready = async () => {
      const answer = await client.exchange('/-/ready', {}, AbortSignal.timeout(1_000));
      return answer.status === 200;
    };
    await waitReady(record, READY_TIMEOUT_MS, ready, signal);
  },
  kill: (graceMs) => endProcess(run, spec.name, graceMs),
  pause: () => freezeProcess(run, spec.name),
  resume: () => thawProcess(run, spec.name),
  logTail: (lines) => {
    const record = processRecord(run, spec.name);
    return record ? logTail(record.log, lines) : '(never started)';
  },
});

export interface Place {
  /** Such as `alertmanager-0`: of the process and its log. */
  readonly name: string;
  /** For configuration and data. */
  readonly dir: string;
}

/** A place in the run for one more server, also when several are started at once. */
export const claimPlace = (run: Run, base: string): Place => {
  const parent = join(run.dir, 'monitoring');
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (let number = 0; ; number++) {
    const name = `${base}-${number}`;
    const dir = join(parent, name);
    if (existsSync(dir)) continue;
    mkdirSync(dir);
    return { name, dir };
  }
};
