import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process something belongs to. Numbers of processes are used again: with the time of its start, none has it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot of the machine and start of the process in it; '' where the system does not tell. */
  readonly start: string;
}

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  } catch {
    return '';
  }
};

/** Start of a process in ticks since the boot; null when there is no such process, or no /proc. */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

export const thisProcess = (): ProcessIdentity => {
  const start = startOf(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    start: start === null ? '' : `${bootId()}-${start}`,
  };
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
};

/** `elsewhere`: of another machine that shares a file with this one; nothing here can tell. */
export const lifeOf = ({ pid, host, start }: ProcessIdentity): 'alive' | 'dead' | 'elsewhere' => {
  if (host !== hostname()) return 'elsewhere';
  if (!Number.isSafeInteger(pid) || pid <= 0 || !exists(pid)) return 'dead';
  if (start === '') return 'alive';
  const now = startOf(pid);
  return now === null || `${bootId()}-${now}` === start ? 'alive' : 'dead';
};

/** As one word of a fact: `4711/5f1c90aa-123456@bastion-1`. */
export const processText = ({ pid, host, start }: ProcessIdentity): string =>
  `${pid}/${start}@${host}`;

/** The inverse of `processText`; null when it is none. */
export const readProcess = (text: string): ProcessIdentity | null => {
  const [, pid, start = '', host = ''] = /^(\d{1,10})\/([0-9a-f-]*)@(.+)$/.exec(text) ?? [];
  return pid === undefined ? null : { pid: Number(pid), start, host };
};

/** The same of what `processText` has written; `elsewhere` where it is nothing of the kind. */
export const lifeOfText = (text: string): ReturnType<typeof lifeOf> => {
  const identity = readProcess(text);
  return identity === null ? 'elsewhere' : lifeOf(identity);
};
