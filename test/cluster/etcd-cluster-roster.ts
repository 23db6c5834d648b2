import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createEtcdGateway,
  type EtcdCredentials,
  type EtcdGateway,
} from './etcd-cluster-gateway.ts';
import { type EtcdMember, type MemberStart, memberSpec } from './etcd-cluster-member.ts';
import { freezeProcess, thawProcess } from './freeze.ts';
import {
  endProcess,
  isOurs,
  logTail,
  type ProcessRecord,
  processRecord,
  startProcess,
  waitReady,
} from './process.ts';
import type { Run } from './run-dir.ts';

/** `serving`: answers its clients, which takes a quorum. `started`: the process is there, no more. */
export type StartUntil = 'serving' | 'started';

const SERVING_TIMEOUT_MS = 30_000;

/** The processes of one cluster, by the number of the member. */
export interface Roster {
  readonly members: readonly EtcdMember[];
  readonly gateway: (index: number) => EtcdGateway;
  readonly add: (member: EtcdMember) => number;
  /** Forgets the members from `length` on. */
  readonly truncate: (length: number) => Promise<void>;
  readonly start: (
    index: number,
    how: Omit<MemberStart, 'peers'>,
    until: StartUntil,
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly kill: (index: number) => Promise<void>;
  readonly pause: (index: number) => Promise<void>;
  readonly resume: (index: number) => void;
  /** Numbers of the members that run and are not frozen. */
  readonly awake: () => readonly number[];
  readonly removeData: (index: number) => void;
  /** Leaves the directory itself, as something that cleans up would. */
  readonly emptyData: (index: number) => void;
  readonly logTail: (index: number, lines?: number) => string;
  readonly close: () => Promise<void>;
}

export const createRoster = (run: Run, credentials: EtcdCredentials): Roster => {
  const members: EtcdMember[] = [];
  const gateways: EtcdGateway[] = [];
  const paused = new Set<string>();

  const member = (index: number): EtcdMember => {
    const found = members[index];
    if (!found) throw new Error(`there is no member ${index}, only 0 to ${members.length - 1}`);
    return found;
  };
  const gateway = (index: number): EtcdGateway => {
    const found = gateways[index];
    if (!found) throw new Error(`there is no member ${index}, only 0 to ${members.length - 1}`);
    return found;
  };
  const recordOf = (index: number): ProcessRecord | undefined =>
    processRecord(run, member(index).name);
  const isRunning = (index: number): boolean => {
    const record = recordOf(index);
    return record !== undefined && isOurs(run, record);
  };
  const mustNotRun = (index: number): EtcdMember => {
    if (isRunning(index)) throw new Error(`${member(index).name} is running: kill it first`);
    return member(index);
  };
  const awake = (): readonly number[] =>
    members.flatMap(({ name }, index) => (isRunning(index) && !paused.has(name) ? [index] : []));

  return {
    members,
    gateway,
    add: (added) => {
      gateways.push(createEtcdGateway(added.clientUrl, credentials));
      return members.push(added) - 1;
    },
    truncate: async (length) => {
      members.splice(length);
      await Promise.all(gateways.splice(length).map((one) => one.close()));
    },
    start: async (index, how, until, signal) => {
      const one = mustNotRun(index);
      mkdirSync(one.dataDir, { recursive: true, mode: 0o700 });
      const record = await startProcess(run, memberSpec(run, one, { ...how, peers: members }));
      paused.delete(one.name);
      if (until === 'started') return;
      const answers = async () => {
        const answer = await gateway(index).exchange(
          '/v3/maintenance/status',
          {},
          AbortSignal.timeout(1_000),
        );
        return answer.status === 200;
      };
      await waitReady(record, SERVING_TIMEOUT_MS, answers, signal);
    },
    kill: (index) => endProcess(run, member(index).name),
    pause: async (index) => {
      await freezeProcess(run, member(index).name);
      paused.add(member(index).name);
    },
    resume: (index) => {
      thawProcess(run, member(index).name);
      paused.delete(member(index).name);
    },
    awake,
    removeData: (index) => rmSync(mustNotRun(index).dataDir, { recursive: true, force: true }),
    emptyData: (index) => {
      const { dataDir } = mustNotRun(index);
      for (const name of readdirSync(dataDir)) {
        rmSync(join(dataDir, name), { recursive: true, force: true });
      }
    },
    logTail: (index, lines) => {
      const record = recordOf(index);
      return record ? logTail(record.log, lines) : '(never started)';
    },
    close: async () => {
      await Promise.all(gateways.map((one) => one.close()));
    },
  };
};
