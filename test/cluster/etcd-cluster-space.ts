import {
  EtcdError,
  type EtcdGateway,
  type EtcdObject,
  putBody,
  rangeBody,
} from './etcd-cluster-gateway.ts';

/** Fewer puts than this fill a quota, and each stays far below etcd's limit of 1.5 MiB for one request. */
const STEPS = 16;
const LARGEST_QUOTA = STEPS << 20;
const LARGEST_PUTS = STEPS * 3;

/** Why `quotaBytes` is too large for a test to fill; undefined when it is not. */
export const quotaObstacle = (quotaBytes: number | undefined): string | undefined =>
  quotaBytes !== undefined && quotaBytes <= LARGEST_QUOTA
    ? undefined
    : `only a cluster with a quotaBytes of at most ${LARGEST_QUOTA} is filled`;

const FILLER_KEY = 'filler';

const isNoSpace = (error: unknown): boolean =>
  error instanceof EtcdError && error.message.includes('database space exceeded');

/**
 * Writes one key over and over until etcd refuses, so that the space can be had again by compaction.
 * @returns how many puts were accepted.
 */
export const fillUntilNoSpace = async (
  gateway: EtcdGateway,
  quotaBytes: number,
  signal?: AbortSignal,
): Promise<number> => {
  const body = putBody(FILLER_KEY, 'x'.repeat(Math.floor(quotaBytes / STEPS)));
  for (let accepted = 0; accepted < LARGEST_PUTS; accepted++) {
    try {
      await gateway.call('/v3/kv/put', body, signal);
    } catch (error) {
      if (isNoSpace(error)) return accepted;
      throw error;
    }
  }
  throw new Error(`${LARGEST_PUTS} puts did not fill ${quotaBytes} bytes`);
};

/** Throws away every revision but the latest. @returns that revision. */
export const compact = async (gateway: EtcdGateway, signal?: AbortSignal): Promise<string> => {
  const { header } = await gateway.call('/v3/kv/range', rangeBody(FILLER_KEY), signal);
  const revision = String(header.revision);
  await gateway.call('/v3/kv/compaction', { revision, physical: true }, signal);
  return revision;
};

/** Gives the freed pages of one member back to the file system; it answers nobody meanwhile. */
export const defragment = (gateway: EtcdGateway, signal?: AbortSignal): Promise<EtcdObject> =>
  gateway.call('/v3/maintenance/defragment', {}, signal);

export interface EtcdAlarm {
  readonly memberID: string;
  readonly alarm: 'NOSPACE' | 'CORRUPT';
}

const ALARM = '/v3/maintenance/alarm';

/** A linearizable read: fails where there is no quorum. */
export const alarms = async (
  gateway: EtcdGateway,
  signal?: AbortSignal,
): Promise<readonly EtcdAlarm[]> =>
  (await gateway.call(ALARM, { action: 'GET' }, signal)).alarms ?? [];

/** @returns the alarms that were raised and are not any more. */
export const disarm = async (
  gateway: EtcdGateway,
  signal?: AbortSignal,
): Promise<readonly EtcdAlarm[]> => {
  const raised = await alarms(gateway, signal);
  for (const alarm of raised) {
    await gateway.call(ALARM, { action: 'DEACTIVATE', ...alarm }, signal);
  }
  return raised;
};
