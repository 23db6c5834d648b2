import type { Failure } from '../../kernel/failure.ts';
import { ApiError, type Attempt, networkFailure } from '../kubernetes/network-failure.ts';

/** What to try next, by `code` of Node, OpenSSL and undici. */
const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: it is down, or the address is wrong',
  ENOTFOUND: 'check the address, DNS and the VPN',
  EAI_AGAIN: 'check the network and the resolver of this machine',
  EHOSTUNREACH: 'check the network and the VPN',
  ENETUNREACH: 'check the network and the VPN',
  ETIMEDOUT: 'check that its machine is up, the network, the VPN and firewalls',
  CERT_HAS_EXPIRED: 'renew its certificate; check the clock of this machine too',
  CERT_NOT_YET_VALID: 'check the clock of this machine, and that of its machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'use a name from the certificate, or set the server name to one',
  ERR_SSL_WRONG_VERSION_NUMBER: 'check scheme and port: it may be plain http',
};
const otherAuthority =
  'name the certificate authority that signed it; it may belong to another or a rebuilt cluster';
const clientCertificate =
  'name a client certificate and its key that its authority has signed; get new ones if they have expired';

const hintOf = (code: string): string | undefined => {
  if (hints[code] !== undefined) return hints[code];
  if (/SELF_SIGNED|UNABLE_TO_|CERT_SIGNATURE/.test(code)) return otherAuthority;
  return /^ERR_SSL_.*ALERT/.test(code) ? clientCertificate : undefined;
};

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The error and what caused it, nearest first; the first of several that were tried together. */
const chainOf = (error: unknown): readonly ErrorLike[] => {
  const found: ErrorLike[] = [];
  let at: unknown = error;
  while (typeof at === 'object' && at !== null && found.length < 8) {
    const like = at as ErrorLike;
    found.push(like);
    at = like.cause ?? (Array.isArray(like.errors) ? like.errors[0] : undefined);
  }
  return found;
};

/** What a broken connection to a source means, in words, with hints that are about the source. */
export const sourceFailure = (error: unknown, attempt: Attempt): Failure => {
  if (error instanceof ApiError) return { ...error.failure, op: attempt.op, on: attempt.on };
  const chain = chainOf(error);
  if (chain.some(({ name }) => name === 'HTTPParserError')) {
    return {
      kind: 'undecodable',
      op: attempt.op,
      on: attempt.on,
      message: `${attempt.server} does not answer in HTTP`,
      hint: 'check scheme and port: it may want https, or be something else',
    };
  }
  const { hint: _, ...said } = networkFailure(error, attempt);
  const hint = chain
    .map(({ code }) => (typeof code === 'string' ? hintOf(code) : undefined))
    .find((found) => found !== undefined);
  return hint === undefined ? said : { ...said, hint };
};
