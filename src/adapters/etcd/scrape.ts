import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { seconds } from '../../kernel/units.ts';
import type { HttpSource } from '../http/http-source.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { wantedLines } from './metrics-lines.ts';
import { isEtcdSample } from './metrics-report.ts';
import { isWanted, type MetricsSample, sampleOf } from './metrics-sample.ts';

const scrapeWithin = seconds(5);
/** A member of a cluster with little in it tells 165 KiB. */
const longestScrape = 8 * 1024 * 1024;
const op = 'read metrics of etcd';

/** Reads the metrics of one member, keeping only what is told of it. */
export const scrape = async (
  source: HttpSource,
  signal: AbortSignal,
): Promise<Result<MetricsSample>> => {
  const sent = await source.request(
    { method: 'GET', path: '/metrics', timeout: scrapeWithin, limit: longestScrape },
    signal,
  );
  if (!sent.ok) return sent;
  const { status, body } = sent.value;
  try {
    const sample = sampleOf(await wantedLines(body, isWanted));
    if (status === 200 && isEtcdSample(sample)) return ok(sample);
  } catch (error) {
    if (error instanceof ApiError) return failed(error.failure);
    throw error;
  }
  return failed(
    failure('undecodable', op, `${source.where} has no metrics of etcd`, {
      on: source.where,
      status,
    }),
  );
};
