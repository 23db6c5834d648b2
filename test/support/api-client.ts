import {
  type Credential,
  credentialOf,
  type Secret,
} from '../../src/adapters/kubernetes/credential.ts';
import type { ApiError } from '../../src/adapters/kubernetes/network-failure.ts';
import type { Resolved } from '../../src/adapters/kubernetes/resolved.ts';
import { UndiciClient } from '../../src/adapters/kubernetes/undici-client.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { ok } from '../../src/kernel/failure.ts';
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

/** Opens a watch and collects what arrives, and what it ends with. */
export const watch = async (client: UndiciClient, path = '/watch', signal = never) => {
  const opened = await client.request(
    { method: 'GET', path, accept: '*/*', streaming: true },
    signal,
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  const seen = { text: '', end: undefined as 'complete' | ApiError | undefined };
  const reading = (async () => {
    try {
      for await (const chunk of opened.value.body) seen.text += Buffer.from(chunk).toString();
      seen.end = 'complete';
    } catch (error) {
      seen.end = error as ApiError;
    }
  })();
  return { seen, reading };
};

/** A credential whose secrets are handed out one after the other, the next after each refusal. */
export const rotating = (...secrets: readonly string[]): Credential & { asked: number } => {
  const made: Secret[] = secrets.map((s) => ({ authorization: `Bearer ${s}`, certificate: null }));
  let at = 0;
  const credential = {
    asked: 0,
    current: async () => {
      credential.asked += 1;
      return ok(made[at] as Secret);
    },
    invalidate: (secret: Secret) => {
      if (secret === made[at] && at < made.length - 1) at += 1;
      return true;
    },
  };
  return credential;
};
