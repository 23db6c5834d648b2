import { createHash, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import type { ApiClient } from './kubernetes/api-client.ts';
import { jsonOf } from './kubernetes/json-answer.ts';
import type { Resolved } from './kubernetes/resolved.ts';
import { readPem } from './kubernetes/tls.ts';

/**
 * Which cluster it is, by what everybody sees alike who can reach it, whatever they call it. The names of contexts are
 * everybody's own.
 */
export interface ClusterMark {
  /** Of the namespace kube-system, which is made once in the life of a cluster; null where it may not be read. */
  readonly uid: string | null;
  /** Digest of address and authority of the API server, hexadecimal; null where nothing vouches for the server. */
  readonly server: string | null;
}

/** A mark, and what to tell of what it lacks; '' where it lacks nothing. */
export interface ReadMark {
  readonly mark: ClusterMark;
  readonly whyNoUid: string;
  readonly whyNoServer: string;
}

const path = '/api/v1/namespaces/kube-system';
const op = 'tell which cluster it is';

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().min(1).max(200) }) });

const readUid = async (
  client: Pick<ApiClient, 'request'>,
  signal: AbortSignal,
): Promise<Result<string>> => {
  const request = { method: 'GET', path, accept: 'application/json' } as const;
  const read = await jsonOf(client, request, signal);
  if (!read.ok) return failed({ ...read.failure, op });
  const parsed = namespaceSchema.safeParse(read.value);
  if (parsed.success) return ok(plainText(parsed.data.metadata.uid));
  return failed(failure('undecodable', op, 'the namespace kube-system has no uid', { on: path }));
};

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** However the file is laid out, and in whatever order: which certificates are in it. */
const fingerprints = (pem: string): readonly string[] | null => {
  try {
    const all = [...pem.matchAll(certificate)].map(([one]) => new X509Certificate(one));
    return [...new Set(all.map((c) => c.fingerprint256))].sort();
  } catch {
    return null;
  }
};

/**
 * Digest of what a kubeconfig says of the server: where it is, with the path behind which one of several may be, by
 * what name it has to show itself, and who signs for that; '' is whom the system trusts.
 */
export const serverDigest = async ({
  server,
  tls,
}: Pick<Resolved, 'server' | 'tls'>): Promise<Result<string>> => {
  const no = (why: string): Result<string> => failed(failure('misconfigured', op, why));
  if (tls === null) return no('it is reached without TLS, and anything may answer there');
  if (!tls.verify) return no('its certificate is not checked, and anything may answer there');
  const ca = tls.ca === null ? ok('') : await readPem('certificate-authority', tls.ca);
  if (!ca.ok) return ca;
  const authorities = fingerprints(ca.value);
  if (authorities === null || (tls.ca !== null && authorities.length === 0)) {
    return no('the certificate of its authority cannot be read');
  }
  const { host, hostname, pathname } = new URL(server);
  const name = tls.serverName ?? hostname;
  const text = JSON.stringify([host, pathname.replace(/\/+$/, ''), name, authorities]);
  return ok(createHash('sha256').update(text).digest('hex'));
};

/**
 * Asks the server as whoever the client is. Fails where the server does not answer: what is weaker takes the place of
 * the uid only where that may not be read, never where it could not be.
 */
export const readClusterMark = async (
  { client, resolved }: { client: Pick<ApiClient, 'request'>; resolved: Resolved },
  signal: AbortSignal,
): Promise<Result<ReadMark>> => {
  const uid = await readUid(client, signal);
  const mayNot = !uid.ok && (uid.failure.kind === 'forbidden' || uid.failure.kind === 'absent');
  if (!uid.ok && !mayNot) return uid;
  const server = await serverDigest(resolved);
  return ok({
    mark: { uid: uid.ok ? uid.value : null, server: server.ok ? server.value : null },
    whyNoUid: uid.ok ? '' : clip(plainText(uid.failure.message), 300),
    whyNoServer: server.ok ? '' : server.failure.message,
  });
};

/** By what two marks were found to be of one cluster, else why they are not, or cannot be told to be. */
export type SameCluster =
  | { readonly kind: 'uid' }
  | { readonly kind: 'server' }
  | { readonly kind: 'other'; readonly why: string; readonly hint: string };

const rightHint =
  'give both the right to get the namespace kube-system, or the same server and certificate-authority in their kubeconfigs';

const unreadBy = (theirs: ClusterMark, ours: ClusterMark): string => {
  if (theirs.uid === null && ours.uid === null) return 'neither of both may';
  return theirs.uid === null ? 'whoever agreed may not' : 'you may not';
};

/** The uid decides wherever both have it; only else what both know of the server. */
export const sameCluster = (theirs: ClusterMark, ours: ClusterMark): SameCluster => {
  if (theirs.uid !== null && ours.uid !== null) {
    if (theirs.uid === ours.uid) return { kind: 'uid' };
    return {
      kind: 'other',
      why: `it is about another cluster: the uid of kube-system is ${theirs.uid} there, and ${ours.uid} here`,
      hint: 'let them name their context of this cluster with --context',
    };
  }
  const why = `${unreadBy(theirs, ours)} read the namespace kube-system, by which clusters are known`;
  if (theirs.server === null || ours.server === null) {
    const whose = ours.server === null ? 'your' : 'their';
    return {
      kind: 'other',
      why: `${why}, and nothing vouches for the server in ${whose} kubeconfig`,
      hint: rightHint,
    };
  }
  if (theirs.server === ours.server) return { kind: 'server' };
  return {
    kind: 'other',
    why: `${why}, and address or authority of the server are others there than here`,
    hint: rightHint,
  };
};
