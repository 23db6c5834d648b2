import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, harnessDir } from './paths.ts';

interface GoModule {
  /** Binary name → package path. */
  readonly tools: Readonly<Record<string, string>>;
  readonly tags?: string;
  /** Package variables set at link time; `{version}` is the version of `versionOf` in go.mod. */
  readonly stamp?: { readonly variable: string; readonly versionOf: string };
}

/** One Go module per upstream project: their dependency trees do not agree with each other. */
export const goModules = {
  kubernetes: {
    tools: {
      etcd: 'go.etcd.io/etcd/server/v3',
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
    },
    // Without it every component calls itself v0.0.0 and clients refuse what depends on a version.
    stamp: {
      variable: 'k8s.io/component-base/version.gitVersion',
      versionOf: 'k8s.io/kubernetes',
    },
  },
  kwok: { tools: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' } },
  containerd: {
    tools: {
      containerd: 'github.com/containerd/containerd/v2/cmd/containerd',
      'containerd-shim-runc-v2': 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
      ctr: 'github.com/containerd/containerd/v2/cmd/ctr',
    },
    tags: 'no_btrfs no_zfs no_devmapper',
  },
  'metrics-server': {
    tools: { 'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
  },
  // Of the version of the etcd server above, whose snapshots and members they handle.
  'etcd-tools': {
    tools: {
      etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
      etcdutl: 'go.etcd.io/etcd/etcdutl/v3',
    },
  },
  'kube-state-metrics': {
    tools: { 'kube-state-metrics': 'k8s.io/kube-state-metrics/v2' },
  },
  loki: { tools: { loki: 'github.com/grafana/loki/v3/cmd/loki' } },
  // Our own: the program that an incident is about.
  'payment-gateway': { tools: { 'payment-gateway': '.' } },
} as const satisfies Record<string, GoModule>;

export type ModuleName = keyof typeof goModules;
export type BinaryName = {
  [M in ModuleName]: keyof (typeof goModules)[M]['tools'];
}[ModuleName] &
  string;

/** What kwok plays and tells, read from its own module; it refuses to start without stages. */
export const kwokConfigFiles = [
  'stage/node/fast/node-initialize.yaml',
  'stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'stage/pod/fast/pod-ready.yaml',
  'stage/pod/fast/pod-complete.yaml',
  'stage/pod/fast/pod-delete.yaml',
  'metrics/resource/metrics-resource.yaml',
  'metrics/usage/usage-from-annotation.yaml',
] as const;

/** Next to the kwok binary. */
export const KWOK_CONFIG_DIR = 'kwok-config';

export const moduleDir = (module: ModuleName): string => join(harnessDir, 'go', module);

export const toolsOf = (module: ModuleName): readonly (readonly [BinaryName, string])[] =>
  Object.entries(goModules[module].tools) as [BinaryName, string][];

export const moduleOf = (binary: BinaryName): ModuleName => {
  const found = (Object.keys(goModules) as ModuleName[]).find(
    (module) => binary in goModules[module].tools,
  );
  if (!found) throw new Error(`no Go module builds ${binary}`);
  return found;
};

const requiredVersion = (goMod: string, path: string): string => {
  const line = goMod.split('\n').find((text) => text.trim().startsWith(`${path} v`));
  const version = line?.trim().split(' ')[1];
  if (!version) throw new Error(`go.mod does not require ${path}`);
  return version;
};

export const buildFlags = (module: ModuleName): readonly string[] => {
  const { tags, stamp }: GoModule = goModules[module];
  const goMod = readFileSync(join(moduleDir(module), 'go.mod'), 'utf8');
  const stamped = stamp ? ` -X ${stamp.variable}=${requiredVersion(goMod, stamp.versionOf)}` : '';
  return ['-trimpath', ...(tags ? ['-tags', tags] : []), '-ldflags', `-s -w${stamped}`];
};

/** What a build depends on: versions, and the sources where the program is our own. */
const inputsOf = (module: ModuleName): readonly string[] =>
  readdirSync(moduleDir(module))
    .filter((file) => /^go\.(mod|sum)$|\.go$/.test(file))
    .sort();

/** The directory of one module's binaries; any change of dependencies, sources or flags gives another one. */
export const cacheDirOf = (module: ModuleName): string => {
  const hash = createHash('sha256');
  for (const file of inputsOf(module)) {
    hash.update(readFileSync(join(moduleDir(module), file)));
  }
  const copied = module === 'kwok' ? kwokConfigFiles : [];
  hash.update(JSON.stringify([buildFlags(module), copied, process.platform, process.arch]));
  return join(cacheRoot(), `${module}-${hash.digest('hex').slice(0, 16)}`);
};
