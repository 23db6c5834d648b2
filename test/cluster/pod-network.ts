import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { hostTool } from './debian-packages.ts';
import type { Run } from './run-dir.ts';

const exec = promisify(execFile);
const ip = (...args: string[]) => exec(hostTool('ip'), args);

export interface PodNetwork {
  /** The machine's own address on the bridge: the node's address, since the kubelet refuses loopback. */
  readonly nodeIp: string;
  readonly confDir: string;
  readonly binDir: string;
}

export const bridgeOf = (run: Run): string => `mw-${run.id}`;

/** A /24 that depends on the run, so that clusters next to each other rarely have to look further. */
const choosePrefix = async (run: Run): Promise<string> => {
  // Not os.networkInterfaces(): that leaves out a bridge without a running port.
  const { stdout: taken } = await ip('-4', '-o', 'address');
  const start = Number.parseInt(run.id, 16);
  for (let offset = 0; offset < 1000; offset++) {
    const index = start + offset;
    const prefix = `10.${200 + (index % 50)}.${Math.floor(index / 50) % 250}.`;
    if (!taken.includes(` ${prefix}`)) return prefix;
  }
  throw new Error('no free 10.200-249.x.0/24 network for pods');
};

/**
 * A bridge of our own without a way out: no default route in pods, no masquerading, no forwarding. Pods
 * reach each other and the node, and nothing else.
 */
export const createPodNetwork = async (run: Run): Promise<PodNetwork> => {
  const prefix = await choosePrefix(run);
  const bridge = bridgeOf(run);
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('addr', 'add', `${prefix}1/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  const confDir = join(run.dir, 'cni');
  mkdirSync(confDir);
  const conf = {
    cniVersion: '1.0.0',
    name: 'midwatch',
    plugins: [
      {
        type: 'bridge',
        bridge,
        isGateway: false,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: join(run.dir, 'cni-addresses'),
          ranges: [
            [{ subnet: `${prefix}0/24`, rangeStart: `${prefix}10`, rangeEnd: `${prefix}250` }],
          ],
        },
      },
    ],
  };
  writeFileSync(join(confDir, '10-midwatch.conflist'), JSON.stringify(conf));
  return { nodeIp: `${prefix}1`, confDir, binDir: dirname(hostTool('CNI plugin bridge')) };
};

export const removePodNetwork = async (run: Run): Promise<void> => {
  if (existsSync(`/sys/class/net/${bridgeOf(run)}`)) await ip('link', 'delete', bridgeOf(run));
};
