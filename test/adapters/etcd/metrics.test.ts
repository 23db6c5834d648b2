import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wantedLines } from '../../../src/adapters/etcd/metrics-lines.ts';
import {
  isEtcdSample,
  metricsReport,
  quantileBetween,
} from '../../../src/adapters/etcd/metrics-report.ts';
import { isWanted, sampleOf } from '../../../src/adapters/etcd/metrics-sample.ts';
import { etcdMetricsSchema } from '../../../src/kernel/etcd-fact.ts';
import { recordedMetrics, releases } from './etcd-fixtures.ts';

const buckets = (...all: readonly (readonly [number, number])[]) => new Map(all);
const infinity = Number.POSITIVE_INFINITY;

describe('metrics as they arrive', () => {
  const text = [
    '# HELP etcd_server_has_leader Whether or not a leader exists.',
    'etcd_server_has_leader 1',
    'etcd_server_has_leader_of_something_else 5',
    'grpc_server_handled_total{grpc_method="Put"} 12',
    'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 10',
    'etcd_disk_wal_fsync_duration_seconds_sum 3.5',
    'process_start_time_seconds 1.79541921598e+09',
  ].join('\n');
  const wanted = [
    'etcd_server_has_leader 1',
    'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 10',
    'process_start_time_seconds 1.79541921598e+09',
  ];
  const pieces = async function* (bytes: Uint8Array, cuts: readonly number[]) {
    const at = [0, ...cuts.map((n) => n % bytes.length).sort((a, b) => a - b), bytes.length];
    for (const [i, end] of at.slice(1).entries()) yield bytes.subarray(at[i], end);
  };

  it('given the text in any pieces, when filtered, then only the lines that are wanted are kept', async () => {
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async (cuts) => {
        expect(await wantedLines(pieces(bytes, cuts), isWanted)).toEqual(wanted);
      }),
    );
  });

  it('given a line without an end, when filtered, then it is dropped and the next one is not', async () => {
    const long = `etcd_server_has_leader ${'1'.repeat(100_000)}\netcd_server_has_leader 1`;
    const bytes = new TextEncoder().encode(long);
    const cuts = Array.from({ length: 20 }, (_, i) => i * 5000);
    expect(await wantedLines(pieces(bytes, cuts), isWanted)).toEqual(['etcd_server_has_leader 1']);
  });
});

describe('a recorded scrape', () => {
  it.each(releases)(
    'given metrics of %s, when read, then sizes and quota are in them and latencies are not yet',
    (release) => {
      const sample = sampleOf(recordedMetrics(release, '05-metrics-subset').filter(isWanted));
      const metrics = metricsReport(null, sample);
      expect(isEtcdSample(sample)).toBe(true);
      expect(etcdMetricsSchema.safeParse(metrics).success).toBe(true);
      expect(metrics).toMatchObject({
        hasLeader: true,
        quota: 16 << 20,
        proposalsPending: 0,
        fsyncP99: null,
        commitP99: null,
        peerRoundTripP99: null,
      });
      expect(metrics.dbSize).toBeGreaterThanOrEqual(metrics.dbInUse ?? Number.NaN);
    },
  );

  it('given a quorum that is lost, when read, then there is no leader', () => {
    const lines = recordedMetrics('3.6', '29-metrics-quorum-lost').filter(isWanted);
    expect(metricsReport(null, sampleOf(lines)).hasLeader).toBe(false);
  });

  it('given metrics of something else, when read, then they are none of etcd', () => {
    expect(isEtcdSample(sampleOf(['process_start_time_seconds 1']))).toBe(false);
  });
});

describe('latencies between two scrapes', () => {
  it('given observations, when the 99th percentile is asked for, then it is interpolated within its bucket', () => {
    const before = buckets([0.001, 50], [0.002, 50], [infinity, 50]);
    const after = buckets([0.001, 148], [0.002, 150], [infinity, 150]);
    expect(quantileBetween(before, after, 0.99)).toBeCloseTo(0.0015, 10);
  });

  it('given nothing observed, or counters that began anew, when asked, then it is null', () => {
    const one = buckets([0.001, 5], [infinity, 5]);
    expect(quantileBetween(one, one, 0.99)).toBeNull();
    expect(quantileBetween(one, buckets([0.001, 1], [infinity, 1]), 0.99)).toBeNull();
    expect(quantileBetween(new Map(), new Map(), 0.99)).toBeNull();
  });

  it('given observations above the last bound, when asked, then it is that bound', () => {
    const after = buckets([0.001, 1], [8, 1], [infinity, 100]);
    expect(quantileBetween(new Map(), after, 0.99)).toBe(8);
  });

  it('given any histogram that grows, when asked, then the answer is within its bounds', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.nat(50), (added, base) => {
        const bound = (i: number) => (i === added.length - 1 ? infinity : 2 ** i);
        const upTo = (i: number) => added.slice(0, i + 1).reduce((all, n) => all + n, 0);
        const sum = upTo(added.length);
        const after = new Map(added.map((_, i) => [bound(i), base * (i + 1) + upTo(i)]));
        const before = new Map(added.map((_, i) => [bound(i), base * (i + 1)]));
        const found = quantileBetween(before, after, 0.99);
        if (sum === 0) expect(found).toBeNull();
        else {
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(2 ** (added.length - 2));
        }
      }),
    );
  });

  const scrape = (at: number, fsync: number, trips: Readonly<Record<string, number>>) =>
    sampleOf([
      'etcd_server_has_leader 1',
      `process_start_time_seconds ${at}`,
      `etcd_disk_wal_fsync_duration_seconds_bucket{le="0.002"} ${fsync}`,
      `etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} ${fsync}`,
      ...Object.entries(trips).flatMap(([to, n]) => [
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${to}",le="0.1"} ${to === 'slow' ? 0 : n}`,
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${to}",le="0.4"} ${n}`,
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${to}",le="+Inf"} ${n}`,
      ]),
    ]);

  it('given several peers, when reported, then the slowest counts, in milliseconds', () => {
    const report = metricsReport(
      scrape(100, 10, { near: 5, slow: 5 }),
      scrape(100, 20, { near: 9, slow: 9 }),
    );
    expect(report.peerRoundTripP99).toBe(397);
    expect(report.fsyncP99).toBe(1.98);
    expect(report.startedAt).toBe(100_000);
  });

  it('given a member that restarted in between, when reported, then nothing was measured', () => {
    const report = metricsReport(scrape(100, 10, { near: 5 }), scrape(200, 20, { near: 9 }));
    expect(report).toMatchObject({ fsyncP99: null, peerRoundTripP99: null });
  });
});
