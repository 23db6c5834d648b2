import { bytes } from '../../src/kernel/units.ts';
import type { CronJob } from '../../src/probes/cronjobs.ts';
import type { EndpointSlice } from '../../src/probes/endpointslices.ts';
import type { Job } from '../../src/probes/jobs.ts';
import type { Lease } from '../../src/probes/leases.ts';
import type { PersistentVolumeClaim } from '../../src/probes/persistentvolumeclaims.ts';
import type { Service } from '../../src/probes/services.ts';
import { ago, day, hour, meta, minute, owner } from './objects.ts';

export const job = (name: string, over: Partial<Job> = {}): Job => ({
  ...meta(name, over.namespace ?? 'payments', 20 * minute),
  owner: null,
  parallelism: 1,
  completions: 1,
  backoffLimit: 6,
  suspended: false,
  active: 0,
  succeeded: 0,
  failed: 0,
  started: ago(20 * minute),
  completed: null,
  conditions: [],
  deleting: null,
  ...over,
});

export const cronJob = (name: string, over: Partial<CronJob> = {}): CronJob => ({
  ...meta(name, over.namespace ?? 'payments', 30 * day),
  schedule: '*/5 * * * *',
  timeZone: '',
  suspended: false,
  active: 0,
  lastSchedule: ago(2 * minute),
  lastSuccess: ago(minute),
  deleting: null,
  ...over,
});

export const service = (name: string, over: Partial<Service> = {}): Service => ({
  ...meta(name, over.namespace ?? 'payments', 30 * day),
  type: 'ClusterIP',
  clusterIp: '10.96.0.7',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, target: '8080', nodePort: 0 }],
  selector: { app: name },
  external: [],
  deleting: null,
  ...over,
});

export const endpointSlice = (
  of: string,
  ready: number,
  notReadyCount: number,
  over: Partial<EndpointSlice> = {},
): EndpointSlice => ({
  ...meta(`${of}-x7k2p`, over.namespace ?? 'payments', 30 * day),
  owner: owner('Service', of),
  service: of,
  addressType: 'IPv4',
  ready,
  notReady: notReadyCount,
  endpoints: [],
  ports: [],
  ...over,
});

export const claim = (
  name: string,
  over: Partial<PersistentVolumeClaim> = {},
): PersistentVolumeClaim => ({
  ...meta(name, over.namespace ?? 'payments', hour),
  phase: 'Bound',
  volume: 'pv-1',
  storageClass: 'fast',
  capacity: bytes(1 << 30),
  request: bytes(1 << 30),
  accessModes: ['ReadWriteOnce'],
  conditions: [],
  deleting: null,
  ...over,
});

export const lease = (name: string, renewed: number, over: Partial<Lease> = {}): Lease => ({
  ...meta(name, over.namespace ?? 'kube-node-lease', 90 * day),
  holder: name,
  renewed: ago(renewed),
  durationSeconds: 40,
  transitions: 0,
  ...over,
});
