import { execFile } from 'node:child_process';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { packBusyboxImage, SANDBOX_IMAGE } from './busybox-image.ts';
import { hostTool } from './debian-packages.ts';
import type { PodNetwork } from './pod-network.ts';
import { openingPrivateMounts } from './private-mounts.ts';
import { type ProcessRecord, startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

const exec = promisify(execFile);
const OVERLAYFS_MAGIC = 0x794c7630;

/** Sockets live here: a path of theirs may have 107 characters, fewer than a state directory may take. */
export const runtimeDir = (run: Run): string => `/run/midwatch-${run.id}`;
export const containerdSocket = (run: Run): string => join(runtimeDir(run), 'containerd.sock');

// An overlay cannot lie on another one, as in a container without a volume: then layers are copied.
const snapshotter = (dir: string): string =>
  statfsSync(dir).type === OVERLAYFS_MAGIC ? 'native' : 'overlayfs';

/** Every pull ends at a loopback port where nobody listens: nothing leaves the machine. */
const writeDeadRegistry = (run: Run): string => {
  const dir = join(run.dir, 'registries');
  mkdirSync(join(dir, '_default'), { recursive: true });
  writeFileSync(
    join(dir, '_default', 'hosts.toml'),
    'server = "http://127.0.0.1:1"\n\n[host."http://127.0.0.1:1"]\n  capabilities = ["pull", "resolve"]\n',
  );
  return dir;
};

const config = (run: Run, network: PodNetwork): string => {
  const dir = join(run.dir, 'containerd');
  const [images, runtime] = ['io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime'];
  return `version = 4
root = '${dir}'
state = '${join(runtimeDir(run), 'state')}'
imports = []

[plugins.'io.containerd.server.v1.grpc']
address = '${containerdSocket(run)}'
[plugins.'io.containerd.server.v1.ttrpc']
address = '${containerdSocket(run)}.ttrpc'
[plugins.'io.containerd.shim.v1.manager']
socket_dir = '${join(runtimeDir(run), 's')}'
[plugins.'io.containerd.nri.v1.nri']
disable = true
[plugins.'io.containerd.internal.v1.opt']
path = '${join(dir, 'opt')}'

[plugins.'${images}']
snapshotter = '${snapshotter(run.dir)}'
[plugins.'${images}'.pinned_images]
sandbox = '${SANDBOX_IMAGE}'
[plugins.'${images}'.registry]
config_path = '${writeDeadRegistry(run)}'

[plugins.'${runtime}']
disable_apparmor = true
# A machine without CAP_SYS_RESOURCE may not lower the score; runc would fail over it.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
[plugins.'${runtime}'.cni]
bin_dirs = ['${network.binDir}']
conf_dir = '${network.confDir}'
[plugins.'${runtime}'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
[plugins.'${runtime}'.containerd.runtimes.runc.options]
BinaryName = '${hostTool('runc')}'
Root = '${join(runtimeDir(run), 'runc')}'
SystemdCgroup = false
`;
};

/** Starts containerd and gives it the images; it needs nothing from any registry. */
export const startContainerd = async (
  run: Run,
  binaries: Binaries,
  network: PodNetwork,
  signal?: AbortSignal,
): Promise<ProcessRecord> => {
  mkdirSync(runtimeDir(run), { recursive: true, mode: 0o700 });
  mkdirSync(join(run.dir, 'containerd'));
  const configPath = join(run.dir, 'containerd.toml');
  writeFileSync(configPath, config(run, network));
  const image = packBusyboxImage(join(run.dir, 'image'));
  const record = await startProcess(
    run,
    openingPrivateMounts(run, {
      name: 'containerd',
      command: binaries.path('containerd'),
      args: ['--config', configPath],
      // It looks for its shim next to the other programs.
      env: { PATH: `${dirname(binaries.path('containerd-shim-runc-v2'))}:${process.env.PATH}` },
    }),
  );
  const ctr = (...args: string[]) =>
    exec(binaries.path('ctr'), ['--address', containerdSocket(run), '--namespace=k8s.io', ...args]);
  await waitReady(record, 20_000, async () => Boolean(await ctr('version')), signal);
  await ctr('images', 'import', await image);
  return record;
};
