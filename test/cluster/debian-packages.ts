import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Report } from './go-build.ts';

interface HostTool {
  readonly package: string;
  /** Any one of these will do: distributions and CI images put them in different places. */
  readonly places: readonly string[];
}

/** What the real node takes from the distribution. Built from source, runc lacks seccomp and refuses pods. */
const hostTools = {
  runc: { package: 'runc', places: ['/usr/sbin/runc', '/usr/bin/runc', '/usr/local/sbin/runc'] },
  'CNI plugin bridge': {
    package: 'containernetworking-plugins',
    places: ['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'],
  },
  ip: {
    package: 'iproute2',
    places: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'],
  },
  // Debian's `busybox` links against libc; an image of one file needs the static one.
  'busybox (static)': { package: 'busybox-static', places: ['/usr/bin/busybox', '/bin/busybox'] },
  openssl: { package: 'openssl', places: ['/usr/bin/openssl', '/usr/local/bin/openssl'] },
} as const satisfies Record<string, HostTool>;

export type HostToolName = keyof typeof hostTools;

const locate = (name: HostToolName): string | undefined =>
  hostTools[name].places.find((place) => existsSync(place));

export const hostTool = (name: HostToolName): string => {
  const path = locate(name);
  if (!path) throw new Error(`${name} is missing: apt-get install ${hostTools[name].package}`);
  return path;
};

export const missingHostTools = (): readonly HostToolName[] =>
  (Object.keys(hostTools) as HostToolName[]).filter((name) => !locate(name));

const isRoot = (): boolean => process.getuid?.() === 0;

/** Why no real node can run here; undefined when it can. */
export const realNodeObstacle = (): string | undefined => {
  if (process.platform !== 'linux') return 'a real node needs Linux';
  if (!isRoot()) return 'a real node needs root, for containers, mounts and a bridge';
  const missing = missingHostTools();
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => hostTools[name].package).join(' ');
  return `a real node needs ${missing.join(', ')}: apt-get install ${packages}, or "npm run cluster ensure"`;
};

const run = promisify(execFile);

/** Installs only what is missing, and only as root. */
export const ensureHostTools = async (report: Report): Promise<void> => {
  const missing = missingHostTools();
  if (missing.length === 0) return;
  const packages = missing.map((name) => hostTools[name].package);
  if (!isRoot()) {
    throw new Error(`as root: apt-get install --no-install-recommends ${packages.join(' ')}`);
  }
  report(`installing ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, maxBuffer: 64 << 20 });
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env,
    maxBuffer: 64 << 20,
  });
};
