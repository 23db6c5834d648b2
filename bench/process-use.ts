import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux keeps at 100 on every architecture that Node runs on. */
const msPerTick = 10;

/** CPU time of a process with all its threads since it began, in milliseconds. */
export const cpuMsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program comes second, in parentheses, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
};

/** Memory of a process that is in RAM now, in bytes, workers included. */
export const rssOf = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
};

/** Processes that want a core, averaged over the last minute. */
export const loadAverage = (): number =>
  Number(readFileSync('/proc/loadavg', 'utf8').split(' ', 1)[0]);
