import type { Clock } from '../../kernel/clock.ts';
import type { EffectPorts, EffectReads } from '../../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceTls } from '../../kernel/source-target.ts';
import { seconds } from '../../kernel/units.ts';
import { refusalIn } from '../etcd/gateway-answer.ts';
import { statusQuestion } from '../etcd/request-guard.ts';
import { directHttp, type RequestGuard } from '../http/direct.ts';
import { type OneShotSource, oneShot, patience } from './one-shot.ts';

export interface EtcdEffectOptions {
  readonly tls: (
    cluster: string,
    endpoint: string,
    signal: AbortSignal,
  ) => Promise<Result<SourceTls>>;
  readonly guard: RequestGuard;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

/** Longer than when it is watched: a member that has just been defragmented reads its file first. */
const statusWithin = seconds(5);

/** Opens a connection to one member; nothing is dialled yet. */
export const openMember = async (
  { tls, guard, clock, version }: EtcdEffectOptions,
  cluster: string,
  endpoint: string,
  signal: AbortSignal,
): Promise<Result<OneShotSource>> => {
  const chosen = await tls(cluster, endpoint, signal);
  if (!chosen.ok) return chosen;
  return ok(
    directHttp({
      way: { kind: 'direct', url: endpoint },
      auth: { kind: 'none' },
      tls: chosen.value,
      clock,
      version,
      guard,
    }),
  );
};

/** Requests to members of etcd clusters, each over a connection of its own. */
export const etcdEffect = (
  options: EtcdEffectOptions,
): Pick<EffectPorts, 'etcd'> & Pick<EffectReads, 'etcdStatus'> => ({
  etcd: async ({ cluster, endpoint, path, body }, signal) => {
    const why = options.guard('POST', path, body);
    if (why !== null) return failed(failure('forbidden', 'ask etcd', why, { on: path }));
    const source = await openMember(options, cluster, endpoint, signal);
    if (!source.ok) return source;
    // A question that is late can be asked again; what changes something takes as long as it takes.
    const timeout = path === statusQuestion.path ? statusWithin : patience;
    return await oneShot(source.value, { method: 'POST', path, body, timeout }, signal);
  },

  etcdStatus: async (cluster, endpoint, signal) => {
    const op = 'ask etcd for its status';
    const source = await openMember(options, cluster, endpoint, signal);
    if (!source.ok) return source;
    const answer = await oneShot(
      source.value,
      { method: 'POST', ...statusQuestion, timeout: statusWithin },
      signal,
    );
    // A question that was lost has done nothing.
    if (!answer.ok) {
      const kind = answer.failure.kind === 'ended' ? 'timeout' : answer.failure.kind;
      return failed({ ...answer.failure, kind, op, on: endpoint });
    }
    const { status, body } = answer.value;
    if (status === 200) return ok(body);
    const said = refusalIn(body);
    const words = said === '' ? `it answers with HTTP ${status}` : said;
    return failed(failure(status >= 500 ? 'broken' : 'refused', op, words, { on: endpoint }));
  },
});
