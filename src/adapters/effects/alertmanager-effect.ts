import { absurd } from '../../kernel/absurd.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EffectAnswer, EffectPorts, EffectReads } from '../../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { seconds } from '../../kernel/units.ts';
import { directHttp, type RequestGuard } from '../http/direct.ts';
import { alertmanagerServices, discoverServices } from '../http/discover-services.ts';
import { portForward } from '../http/port-forward.ts';
import { proxyPath } from '../http/service-proxy.ts';
import type { PodForward } from '../kubernetes/port-forward.ts';
import { oneShot } from './one-shot.ts';

export interface AlertmanagerEffectOptions {
  readonly settings: Pick<SourceSettings, 'alertmanagers' | 'discover'>;
  readonly read: EffectReads['kubernetes'];
  /** Through the API server; guarded there. */
  readonly kubernetes: EffectPorts['kubernetes'];
  readonly forward: () => Promise<Result<PodForward>>;
  readonly guard: RequestGuard;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

type Request = Parameters<EffectPorts['alertmanager']>[0];

const op = 'ask an Alertmanager';
const answersWithin = seconds(20);

/** Silences, told to the first of the Alertmanagers of a cluster that takes them. */
export const alertmanagerEffect = (
  options: AlertmanagerEffectOptions,
): EffectPorts['alertmanager'] => {
  const { settings, read, kubernetes, forward, guard, clock, version } = options;
  let found: readonly SourceTarget[] = [];

  const targetsOf = async (
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<readonly SourceTarget[]>> => {
    const known = (): readonly SourceTarget[] =>
      names.flatMap((n) => [...settings.alertmanagers, ...found].find((t) => t.name === n) ?? []);
    if (known().length < names.length && settings.discover) {
      const looked = await discoverServices({ get: read }, alertmanagerServices, signal);
      if (looked.ok) found = looked.value;
      else if (known().length === 0) return looked;
    }
    return known().length > 0
      ? ok(known())
      : failed(failure('misconfigured', op, 'no way to it is known', { on: names.join(', ') }));
  };

  const sent = async (
    { way, auth, tls, ...rest }: SourceTarget,
    { method, path, body }: Request,
    signal: AbortSignal,
  ): Promise<Result<EffectAnswer>> => {
    const request = { method, path, timeout: answersWithin, ...(body === '' ? {} : { body }) };
    const how = { auth, tls, clock, version, guard };
    switch (way.kind) {
      case 'direct':
        return await oneShot(directHttp({ ...how, way }), request, signal);
      case 'pod': {
        const opened = await forward();
        if (!opened.ok) return opened;
        const target = { ...rest, way, auth, tls };
        return await oneShot(
          portForward({ ...how, target, forward: opened.value }),
          request,
          signal,
        );
      }
      case 'service':
      case 'pod-proxy': {
        if (auth.kind !== 'none') {
          const words = `the API server does not hand logins on to ${way.namespace}/${way.name}`;
          return failed(
            failure('misconfigured', op, words, {
              hint: 'reach it by its URL or through a port-forward',
            }),
          );
        }
        const prefix = proxyPath(way);
        if (!prefix.ok) return prefix;
        return await kubernetes(
          {
            kind: 'kubernetes',
            method,
            path: `${prefix.value}${path}`,
            contentType: body === '' ? '' : 'application/json',
            body,
          },
          signal,
        );
      }
      default:
        return absurd(way);
    }
  };

  return async (request, signal) => {
    const { method, path, body } = request;
    const why = guard(method, path, body === '' ? undefined : body);
    if (why !== null) return failed(failure('forbidden', op, why, { on: path }));
    const targets = await targetsOf(request.sources, signal);
    if (!targets.ok) return targets;
    let last: Result<EffectAnswer> = failed(failure('misconfigured', op, 'there is none to ask'));
    for (const target of targets.value) {
      last = await sent(target, request, signal);
      // The next one is asked only where nothing can have arrived: twice the same would be two silences.
      if (last.ok || last.failure.kind === 'ended' || signal.aborted) return last;
    }
    return last;
  };
};
