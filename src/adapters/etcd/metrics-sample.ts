/** Upper bound in seconds (Infinity for the last) to the number of observations up to it. */
export type Buckets = ReadonlyMap<number, number>;

/** What one scrape of a member said of what we want to know. */
export interface MetricsSample {
  /** By name: gauges and counters without labels. */
  readonly values: ReadonlyMap<string, number>;
  /** By name, then by the labels other than `le`. */
  readonly histograms: ReadonlyMap<string, ReadonlyMap<string, Buckets>>;
}

export const fsyncHistogram = 'etcd_disk_wal_fsync_duration_seconds';
export const commitHistogram = 'etcd_disk_backend_commit_duration_seconds';
export const roundTripHistogram = 'etcd_network_peer_round_trip_time_seconds';
const histogramNames = [fsyncHistogram, commitHistogram, roundTripHistogram];

export const valueNames = {
  leaderChanges: 'etcd_server_leader_changes_seen_total',
  proposalsFailed: 'etcd_server_proposals_failed_total',
  proposalsPending: 'etcd_server_proposals_pending',
  hasLeader: 'etcd_server_has_leader',
  quota: 'etcd_server_quota_backend_bytes',
  dbSize: 'etcd_mvcc_db_total_size_in_bytes',
  dbInUse: 'etcd_mvcc_db_total_size_in_use_in_bytes',
  startedAt: 'process_start_time_seconds',
} as const;

const plainNames: ReadonlySet<string> = new Set(Object.values(valueNames));
const bucketStarts = histogramNames.map((name) => `${name}_bucket{`);

/** Whether a line of the text format is one of those that `sampleOf` reads. */
export const isWanted = (line: string): boolean =>
  bucketStarts.some((start) => line.startsWith(start)) ||
  plainNames.has(line.slice(0, line.indexOf(' ')));

const numberOf = (text: string): number | null => {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  const n = Number(text);
  return text === '' || Number.isNaN(n) ? null : n;
};

/** Members of one cluster; more series than that are not etcd's. */
const mostSeries = 100;

export const sampleOf = (lines: readonly string[]): MetricsSample => {
  const values = new Map<string, number>();
  const histograms = new Map<string, Map<string, Map<number, number>>>();
  for (const line of lines) {
    const plain = /^([a-z_]+) (\S+)$/.exec(line);
    if (plain !== null) {
      const [, name = '', text = ''] = plain;
      const value = numberOf(text);
      if (value !== null && Number.isFinite(value) && value >= 0) values.set(name, value);
      continue;
    }
    const bucket = /^([a-z_]+)_bucket\{([^}]*)\} (\S+)$/.exec(line);
    if (bucket === null) continue;
    const [, name = '', labels = '', text = ''] = bucket;
    const le = numberOf(/(?:^|,)le="([^"]*)"/.exec(labels)?.[1] ?? '');
    const value = numberOf(text);
    if (le === null || value === null) continue;
    const key = labels.replace(/(?:^|,)le="[^"]*"/, '');
    const series = histograms.get(name) ?? new Map<string, Map<number, number>>();
    histograms.set(name, series);
    const buckets = series.get(key) ?? new Map<number, number>();
    if (!series.has(key) && series.size >= mostSeries) continue;
    series.set(key, buckets.set(le, value));
  }
  return { values, histograms };
};
