import { readdirSync, readFileSync } from 'node:fs';

/** A pid alone is reused by the kernel; with its start time and the boot it names one process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat. */
  readonly startTicks: string;
  readonly bootId: string;
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

const readStat = (file: string): { state: string; startTicks: string } | undefined => {
  let stat: string;
  try {
    stat = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  // The command in parentheses may itself hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state && startTicks ? { state, startTicks } : undefined;
};

/** Undefined when there is no such process any more. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const stat = readStat(`/proc/${pid}/stat`);
  return stat && { pid, startTicks: stat.startTicks, bootId: bootId() };
};

const isDead = (state: string): boolean => state === 'Z' || state === 'X';

/** The first thread of a killed process is a zombie while others still hold its ports. */
const hasLiveThread = (pid: number): boolean => {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const stat = readStat(`/proc/${pid}/task/${thread}/stat`);
      return stat !== undefined && !isDead(stat.state);
    });
  } catch {
    return false;
  }
};

/** A zombie counts as gone: it holds no port, file or mount. */
export const isAlive = (identity: ProcessIdentity): boolean => {
  const stat = readStat(`/proc/${identity.pid}/stat`);
  return (
    stat !== undefined &&
    stat.startTicks === identity.startTicks &&
    identity.bootId === bootId() &&
    (!isDead(stat.state) || hasLiveThread(identity.pid))
  );
};

/** The command line with its NULs as spaces; empty for a process that is gone. */
export const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
};
