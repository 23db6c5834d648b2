import { systemClock } from '../adapters/clock.ts';
import type { About } from '../adapters/journal/meta.ts';
import { type RecorderStatus, record } from '../adapters/journal/recorder.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import { type Bytes, mib } from '../kernel/units.ts';
import type { ClusterSession } from './cluster-session.ts';

export interface RecordSession {
  readonly cluster: Pick<ClusterSession, 'journal' | 'store'>;
  readonly path: string;
  /** Of midwatch. */
  readonly version: string;
  readonly maxSize: Bytes;
  readonly about?: About;
  readonly overwrite?: boolean;
}

/** Room for days of a busy cluster; above it the oldest part goes. */
export const defaultLimit = mib(512);

/** Writes what a session sees into a file until the signal aborts; trouble on the way is told at once. */
export const recordSession = async (
  { cluster, path, version, maxSize, about, overwrite = false }: RecordSession,
  signal: AbortSignal,
  onTrouble: (text: string) => void,
  onStatus: (status: RecorderStatus) => void = () => undefined,
): Promise<Result<RecorderStatus>> => {
  const ended = await record(
    {
      path,
      journal: cluster.journal,
      store: cluster.store,
      clock: systemClock,
      program: `midwatch ${version}`,
      maxSize,
      ...(about === undefined ? {} : { about }),
      overwrite,
      onStatus: (status) => {
        if (status.kind === 'failing' || status.kind === 'stopped') {
          onTrouble(
            `recording ${path}: ${failureText(status.failure)}; ${status.unsafe} entries are not safe`,
          );
        }
        onStatus(status);
      },
    },
    signal,
  );
  if (!ended.ok) onTrouble(`not recorded: ${failureText(ended.failure)}`);
  return ended;
};
