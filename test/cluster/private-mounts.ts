import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeProcs } from './cgroups.ts';
import type { ProcessSpec } from './process.ts';
import type { Run } from './run-dir.ts';

// Fixed in the sources of kubelet and CNI. Two clusters at once would share them, so each gets its own.
const fixedDirs = ['/var/lib/cni', '/var/lib/kubelet', '/var/log/containers'] as const;

const JOIN = 'echo $$ > "$0" && exec "$@"';

/**
 * The process that opens the run's mount namespace. What pods mount lives in there only and is gone with
 * the last of its processes, however they ended.
 */
export const openingPrivateMounts = (run: Run, spec: ProcessSpec): ProcessSpec => {
  const binds = fixedDirs.map((target) => {
    const source = join(run.dir, 'private', target);
    mkdirSync(source, { recursive: true });
    // The empty mount point stays on the machine; another run may be using it.
    mkdirSync(target, { recursive: true });
    return `mount --bind '${source}' '${target}'`;
  });
  return {
    ...spec,
    command: 'unshare',
    args: [
      ...['--mount', '/bin/sh', '-c', [...binds, JOIN].join(' && ')],
      ...[runtimeProcs(run), spec.command, ...spec.args],
    ],
  };
};

/** A process that joins the namespace opened by `pid`. */
export const inPrivateMounts = (run: Run, pid: number, spec: ProcessSpec): ProcessSpec => ({
  ...spec,
  command: 'nsenter',
  args: [
    ...[`--mount=/proc/${pid}/ns/mnt`, '/bin/sh', '-c', JOIN],
    ...[runtimeProcs(run), spec.command, ...spec.args],
  ],
});
