import { absurd } from '../kernel/absurd.ts';
import type { EffectRequest, LogBounds, LogTarget } from '../kernel/act.ts';
import { durationText } from '../kernel/duration.ts';
import { clip, plainText } from '../kernel/text.ts';

const logsText = (target: LogTarget, bounds: LogBounds): string => {
  const which =
    target.pods.kind === 'named' ? target.pods.names.join(' ') : `-l ${target.pods.selector}`;
  const since =
    bounds.since.kind === 'age'
      ? `since ${durationText(bounds.since.age)}`
      : bounds.since.kind === 'time'
        ? `since ${new Date(bounds.since.at).toISOString()}`
        : `the newest ${bounds.tail ?? 0} lines`;
  return [
    `GET logs of ${target.namespace}/${which}`,
    ...(target.containers === null ? [] : [`container ${target.containers.join(' ')}`]),
    since,
    `at most ${bounds.limitBytes} bytes each`,
    ...(bounds.tail === null || bounds.since.kind === 'newest'
      ? []
      : [`${bounds.tail} lines each`]),
    ...(bounds.previous ? ['of the instance before'] : []),
    ...(bounds.lease === null ? [] : [`and what comes in the next ${durationText(bounds.lease)}`]),
  ].join(', ');
};

/** Bodies are short; one that is not is cut for people, never for the digest. */
const bodyMost = 2000;

const withBody = (text: string, body: string): string =>
  body === '' ? text : `${text} ${clip(plainText(body), bodyMost)}`;

/** A request as one line, for the person who agrees to it and for the audit. */
export const requestText = (request: EffectRequest): string => {
  switch (request.kind) {
    case 'kubernetes':
      return withBody(`${request.method} ${plainText(request.path)}`, request.body);
    case 'logs':
      return plainText(logsText(request.target, request.bounds));
    case 'loki':
      return plainText(
        `GET ${request.source} query_range ${request.query} from ${new Date(request.from).toISOString()} to ${new Date(request.to).toISOString()}, at most ${request.lines} lines`,
      );
    case 'attach':
      return plainText(
        `attach to ${request.namespace}/${request.pod}, container ${request.container}`,
      );
    case 'etcd':
      return withBody(`POST ${plainText(request.endpoint + request.path)}`, request.body);
    case 'etcd-snapshot':
      return plainText(`POST ${request.endpoint}/v3/maintenance/snapshot to ${request.path}`);
    case 'alertmanager':
      return withBody(
        plainText(`${request.method} ${request.path} at ${request.sources[0] ?? request.cluster}`),
        request.body,
      );
    default:
      return absurd(request);
  }
};
