import { join } from 'node:path';
import type { ProcessSpec } from './process.ts';
import type { Run } from './run-dir.ts';

export const hostsFile = (run: Run): string => join(run.dir, 'hosts');

/**
 * The same process in a mount namespace where /etc/hosts is the run's own file. The kubelet refuses a
 * loopback node address, so it has to be reached by name, and the machine's own file is not ours to edit.
 */
export const inPrivateHosts = (run: Run, spec: ProcessSpec): ProcessSpec => ({
  ...spec,
  command: 'unshare',
  args: [
    '--mount',
    '/bin/sh',
    '-c',
    'mount --bind "$1" /etc/hosts && shift && exec "$@"',
    'sh',
    hostsFile(run),
    spec.command,
    ...spec.args,
  ],
});
