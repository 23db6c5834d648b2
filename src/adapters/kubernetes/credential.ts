import { readFile } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, minutes, since } from '../../kernel/units.ts';
import type { CredentialSource } from './resolved.ts';
import type { ClientCertificate } from './tls.ts';

/** What proves who we are. Compared by identity: a new object is a new credential. Never log it. */
export interface Secret {
  /** Value of the Authorization header. */
  readonly authorization: string | null;
  readonly certificate: ClientCertificate | null;
}

export interface Credential {
  /** The secret to use now; parallel callers share the work of getting it. */
  current(signal: AbortSignal): Promise<Result<Secret>>;
  /** The server has refused `secret`. True when asking again may give another one. */
  invalidate(secret: Secret): boolean;
}

const fixed = (authorization: string | null): Credential => {
  const secret: Secret = { authorization, certificate: null };
  return { current: async () => ok(secret), invalidate: () => false };
};

/** kubelet replaces projected tokens long before they expire; once a minute is what client-go does too. */
const tokenFileAge = minutes(1);

/** A token in a file that somebody else renews: read again after a minute and when the server refuses it. */
export const tokenFile = (
  path: string,
  fallback: string | null,
  clock: Pick<Clock, 'now'>,
  read: (path: string) => Promise<string> = (file) => readFile(file, 'utf8'),
): Credential => {
  let last: { secret: Secret; token: string; readAt: EpochMs; refused: boolean } | undefined;
  let flight: Promise<Result<Secret>> | undefined;
  const accept = (token: string): Secret => {
    // An unchanged file is the same credential, so that a refusal is not answered with the same token again.
    const secret =
      last?.token === token ? last.secret : { authorization: `Bearer ${token}`, certificate: null };
    last = { secret, token, readAt: clock.now(), refused: false };
    return secret;
  };
  const load = async (): Promise<Result<Secret>> => {
    let why: string;
    try {
      const token = (await read(path)).trim();
      if (token !== '') return ok(accept(token));
      why = 'the token file is empty';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      why =
        code === 'ENOENT'
          ? 'the token file does not exist'
          : `the token file cannot be read (${code ?? error})`;
    }
    if (last !== undefined) return ok(last.secret);
    if (fallback !== null) return ok(accept(fallback));
    return failed(
      failure('misconfigured', 'read token', why, {
        on: path,
        hint: 'check tokenFile of the user in the kubeconfig, or the mounted service account',
      }),
    );
  };
  return {
    current: async () => {
      if (last !== undefined && !last.refused && since(last.readAt, clock.now()) < tokenFileAge) {
        return ok(last.secret);
      }
      flight ??= load().finally(() => {
        flight = undefined;
      });
      return await flight;
    },
    invalidate: (secret) => {
      if (last?.secret === secret) last.refused = true;
      return true;
    },
  };
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The credential of a source. Plugins are built by the caller, because they start processes. */
export const credentialOf = (
  source: Exclude<CredentialSource, { kind: 'exec' }>,
  clock: Pick<Clock, 'now'>,
): Credential => {
  switch (source.kind) {
    case 'none':
      return fixed(null);
    case 'token':
      return fixed(`Bearer ${source.token}`);
    case 'basic':
      return fixed(`Basic ${base64(`${source.username}:${source.password}`)}`);
    case 'token-file':
      return tokenFile(source.path, source.fallback, clock);
  }
};
