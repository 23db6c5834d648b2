import { type Failure, type FailureKind, failure } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';

/** An error that carries its failure: what iterating over a body throws when the stream breaks. */
export class ApiError extends Error {
  readonly failure: Failure;
  constructor(why: Failure, cause?: unknown) {
    super(why.message, { cause });
    this.name = 'ApiError';
    this.failure = why;
  }
}

interface Words {
  readonly kind: FailureKind;
  readonly message: string;
  readonly hint?: string;
}

type Say = (server: string, error: ErrorLike) => Words;
interface ErrorLike {
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  /** The certificate that was refused. */
  readonly cert?: unknown;
}

const unknownCa: Say = (server) => ({
  kind: 'unreachable',
  message: `the certificate of ${server} is signed by an authority that is not trusted`,
  hint: 'check certificate-authority(-data) of the cluster in the kubeconfig; it may belong to another or a rebuilt cluster',
});
const noRoute: Say = (server) => ({
  kind: 'unreachable',
  message: `no route to ${server}`,
  hint: 'check the network and the VPN',
});
const cut: Say = (server) => ({
  kind: 'unreachable',
  message: `${server} closed the connection`,
  hint: 'a restart of the API server, or a proxy or load balancer in between, does that',
});
const slow: Say = (server) => ({
  kind: 'timeout',
  message: `${server} does not answer the connection attempt`,
  hint: 'check the network, the VPN and firewalls',
});
const clientCertificate: Say = (server) => ({
  kind: 'unauthorized',
  message: `${server} wants a client certificate that it trusts`,
  hint: 'add client-certificate and client-key to the user in the kubeconfig, or get new ones if they have expired',
});

/** By `code` of Node, OpenSSL and undici. */
const known: Readonly<Record<string, Say>> = {
  ECONNREFUSED: (server) => ({
    kind: 'unreachable',
    message: `${server} refuses connections`,
    hint: 'nothing listens there: the API server or its load balancer is down, or the address is wrong',
  }),
  ENOTFOUND: (server) => ({
    kind: 'unreachable',
    message: `the name of ${server} does not exist in DNS`,
    hint: 'check the server address in the kubeconfig, DNS and the VPN',
  }),
  EAI_AGAIN: (server) => ({
    kind: 'unreachable',
    message: `DNS does not answer for the name of ${server}`,
    hint: 'check the network and the resolver of this machine',
  }),
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EADDRNOTAVAIL: noRoute,
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  ECONNABORTED: cut,
  ERR_HTTP2_STREAM_ERROR: cut,
  ERR_HTTP2_SESSION_ERROR: cut,
  ERR_HTTP2_STREAM_CANCEL: cut,
  ERR_HTTP2_GOAWAY_SESSION: cut,
  ERR_STREAM_PREMATURE_CLOSE: cut,
  ETIMEDOUT: slow,
  UND_ERR_CONNECT_TIMEOUT: slow,
  UND_ERR_HEADERS_TIMEOUT: (server) => ({
    kind: 'timeout',
    message: `${server} took the request and did not begin to answer in time`,
    hint: 'the API server is overloaded or its etcd is slow',
  }),
  UND_ERR_BODY_TIMEOUT: (server) => ({
    kind: 'timeout',
    message: `${server} stopped in the middle of its answer`,
  }),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  CERT_HAS_EXPIRED: (server) => ({
    kind: 'unreachable',
    message: `the certificate of ${server} has expired`,
    hint: 'renew the serving certificate of the API server; check the clock of this machine too',
  }),
  CERT_NOT_YET_VALID: (server) => ({
    kind: 'unreachable',
    message: `the certificate of ${server} is not valid yet`,
    hint: 'check the clock of this machine',
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: (server, error) => ({
    kind: 'unreachable',
    message: `the certificate of ${server} is for another name: ${namesIn(error)}`,
    hint: 'use a name from the certificate as server, or set tls-server-name of the cluster to one',
  }),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: clientCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: clientCertificate,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: clientCertificate,
  ERR_SSL_TLS_ALERT_BAD_CERTIFICATE: clientCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: clientCertificate,
  ERR_SSL_TLS_ALERT_HANDSHAKE_FAILURE: clientCertificate,
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED': clientCertificate,
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': clientCertificate,
  'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA': clientCertificate,
  ERR_SSL_WRONG_VERSION_NUMBER: (server) => ({
    kind: 'unreachable',
    message: `${server} does not speak TLS`,
    hint: 'check scheme and port of the server address; a proxy may be in between',
  }),
};

/** Names in a certificate, as far as they fit into a line. */
const namesIn = ({ cert }: ErrorLike): string => {
  const names =
    typeof cert === 'object' && cert !== null && 'subjectaltname' in cert
      ? String(cert.subjectaltname)
      : 'it has no names';
  return clip(plainText(names), 200);
};

/** The error and what caused it, nearest first; the first of several that were tried together. */
const chain = (error: unknown): readonly ErrorLike[] => {
  const found: ErrorLike[] = [];
  let at: unknown = error;
  while (typeof at === 'object' && at !== null && found.length < 8) {
    const like = at as ErrorLike;
    found.push(like);
    at = like.cause ?? (Array.isArray(like.errors) ? like.errors[0] : undefined);
  }
  return found;
};

export interface Attempt {
  /** What was being done. */
  readonly op: string;
  /** Path or file it was done on. */
  readonly on: string;
  /** `host:port`, for the sentence. */
  readonly server: string;
}

/** What a broken connection means, in words. Errors of ours keep the failure that they carry. */
export const networkFailure = (error: unknown, { op, on, server }: Attempt): Failure => {
  const errors = chain(error);
  for (const e of errors) {
    if (e instanceof ApiError) return { ...e.failure, op, on: e.failure.on ?? on };
  }
  for (const e of errors) {
    const say = typeof e.code === 'string' ? known[e.code] : undefined;
    if (say === undefined) continue;
    const { kind, message, hint } = say(server, e);
    return failure(kind, op, message, { on, ...(hint === undefined ? {} : { hint }) });
  }
  const last = errors.find((e) => typeof e.message === 'string' && e.message !== '');
  return failure(
    'unreachable',
    op,
    `the connection to ${server} failed: ${last?.message ?? 'unknown error'}`,
    {
      on,
    },
  );
};
