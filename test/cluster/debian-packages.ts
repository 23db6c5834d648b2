import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Report } from './go-build.ts';

/** What a tool is needed for. */
export type HostPurpose = 'certificates' | 'real-node' | 'monitoring';

interface HostTool {
  readonly package: string;
  readonly purpose: HostPurpose;
  /** Any one of these will do: distributions and CI images put them in different places. */
  readonly places: readonly string[];
  /** What the package would have the machine start, now and at every boot. */
  readonly service?: string;
}

/** What is taken from the distribution. Built from source, runc lacks seccomp and refuses pods. */
const hostTools = {
  runc: {
    package: 'runc',
    purpose: 'real-node',
    places: ['/usr/sbin/runc', '/usr/bin/runc', '/usr/local/sbin/runc'],
  },
  'CNI plugin bridge': {
    package: 'containernetworking-plugins',
    purpose: 'real-node',
    places: ['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'],
  },
  ip: {
    package: 'iproute2',
    purpose: 'real-node',
    places: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'],
  },
  // Debian's `busybox` links against libc; an image of one file needs the static one.
  'busybox (static)': {
    package: 'busybox-static',
    purpose: 'real-node',
    places: ['/usr/bin/busybox', '/bin/busybox'],
  },
  openssl: {
    package: 'openssl',
    purpose: 'certificates',
    places: ['/usr/bin/openssl', '/usr/local/bin/openssl'],
  },
  prometheus: {
    package: 'prometheus',
    purpose: 'monitoring',
    places: ['/usr/bin/prometheus', '/usr/local/bin/prometheus'],
    service: 'prometheus',
  },
  // The Go module lacks its built web page and does not compile; Debian's binary looks for a template at
  // a fixed place, which is there only when the package is installed.
  alertmanager: {
    package: 'prometheus-alertmanager',
    purpose: 'monitoring',
    places: ['/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'],
    service: 'prometheus-alertmanager',
  },
} as const satisfies Record<string, HostTool>;

export type HostToolName = keyof typeof hostTools;

const locate = (name: HostToolName): string | undefined =>
  hostTools[name].places.find((place) => existsSync(place));

export const hostTool = (name: HostToolName): string => {
  const path = locate(name);
  if (!path) throw new Error(`${name} is missing: apt-get install ${hostTools[name].package}`);
  return path;
};

const purposes = [
  'certificates',
  'real-node',
  'monitoring',
] as const satisfies readonly HostPurpose[];

/** Those that are not there, of the ones needed for any of the purposes; default all. */
export const missingHostTools = (...wanted: readonly HostPurpose[]): readonly HostToolName[] =>
  (Object.keys(hostTools) as HostToolName[]).filter(
    (name) =>
      (wanted.length === 0 ? purposes : wanted).includes(hostTools[name].purpose) && !locate(name),
  );

const isRoot = (): boolean => process.getuid?.() === 0;

const lackOf = (what: string, ...wanted: readonly HostPurpose[]): string | undefined => {
  const missing = missingHostTools(...wanted);
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => hostTools[name].package).join(' ');
  return `${what} needs ${missing.join(', ')}: apt-get install ${packages}, or "npm run cluster ensure"`;
};

/** Why no real node can run here; undefined when it can. */
export const realNodeObstacle = (): string | undefined => {
  if (process.platform !== 'linux') return 'a real node needs Linux';
  if (!isRoot()) return 'a real node needs root, for containers, mounts and a bridge';
  return lackOf('a real node', 'certificates', 'real-node');
};

/** Why Prometheus and Alertmanager cannot be started here; undefined when they can. */
export const monitoringObstacle = (): string | undefined => {
  if (process.platform !== 'linux') return 'monitoring on this machine needs Linux';
  return lackOf('monitoring', 'certificates', 'monitoring');
};

const run = promisify(execFile);

const servicesOf = (names: readonly HostToolName[]): readonly string[] =>
  names.flatMap((name) => {
    const { service }: HostTool = hostTools[name];
    return service ? [service] : [];
  });

const POLICY = '/usr/sbin/policy-rc.d';
const OUR_POLICY = '#!/bin/sh\n# The tests start what they need themselves.\nexit 101\n';

/**
 * Keeps packages from starting their services while `install` goes on: Debian's scripts ask this file
 * first. A policy that is there already is the machine's own and stays.
 */
const withoutStartingServices = async (install: () => Promise<void>): Promise<void> => {
  const ours = !existsSync(POLICY) || readFileSync(POLICY, 'utf8') === OUR_POLICY;
  if (ours) writeFileSync(POLICY, OUR_POLICY, { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
};

/** Nor may they start at the next boot: nobody who runs tests asked for servers on all interfaces. */
const disableServices = async (services: readonly string[]): Promise<void> => {
  if (services.length === 0 || !existsSync('/run/systemd/system')) return;
  await run('systemctl', ['disable', '--now', ...services]);
};

/** Installs only what is missing for the purposes, default all, and only as root. Starts no service. */
export const ensureHostTools = async (
  report: Report,
  ...wanted: readonly HostPurpose[]
): Promise<void> => {
  const missing = missingHostTools(...wanted);
  if (missing.length === 0) return;
  const packages = missing.map((name) => hostTools[name].package);
  if (!isRoot()) {
    throw new Error(`as root: apt-get install --no-install-recommends ${packages.join(' ')}`);
  }
  report(`installing ${packages.join(', ')}`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 << 20,
  };
  await run('apt-get', ['update', '-q'], options);
  await withoutStartingServices(async () => {
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options);
  });
  await disableServices(servicesOf(missing));
};
