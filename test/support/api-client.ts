import { type Credential, credentialOf } from '../../src/adapters/kubernetes/credential.ts';
import type { Resolved } from '../../src/adapters/kubernetes/resolved.ts';
import { UndiciClient } from '../../src/adapters/kubernetes/undici-client.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { FakeClock } from './fake-clock.ts';

/** A connection without credentials to a server, trusting `ca`; plain http without it. */
export const resolvedFor = (
  server: string,
  ca?: string,
  more: Partial<Resolved> = {},
): Resolved => ({
  info: {
    context: 'test',
    cluster: 'test',
    server,
    user: 'tester',
    namespace: 'default',
    namespaceOnly: false,
  },
  server,
  tls:
    ca === undefined
      ? null
      : { ca: { kind: 'inline', pem: ca }, certificate: null, serverName: null, verify: true },
  proxy: null,
  compression: true,
  impersonate: null,
  credential: { kind: 'none' },
  decisions: [],
  ...more,
});

export const clientFor = (
  resolved: Resolved,
  {
    clock = new FakeClock(),
    credential,
  }: { readonly clock?: Pick<Clock, 'now'>; readonly credential?: Credential } = {},
): UndiciClient => {
  const source =
    resolved.credential.kind === 'exec' ? { kind: 'none' as const } : resolved.credential;
  return new UndiciClient({
    resolved,
    clock,
    version: '0.0.0',
    credential: credential ?? credentialOf(source, clock),
  });
};

export const never = new AbortController().signal;

/** GET of a path, with the whole body. */
export const get = async (client: UndiciClient, path: string, signal: AbortSignal = never) => {
  const result = await client.request({ method: 'GET', path, accept: 'application/json' }, signal);
  if (!result.ok) return { failure: result.failure, status: 0, body: '', headers: {} };
  const { status, headers } = result.value;
  return { failure: undefined, status, headers, body: await result.value.text() };
};
