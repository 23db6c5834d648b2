import { z } from 'zod';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { cleanText } from '../../kernel/redact.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { type EpochMs, epochMs } from '../../kernel/units.ts';
import type { Secret } from './credential.ts';
import type { ExecSettings } from './resolved.ts';

/** What a plugin is told about the cluster when it asks for it. */
export interface ExecCluster {
  readonly server: string;
  readonly serverName: string | null;
  readonly verify: boolean;
  /** PEM. */
  readonly ca: string | null;
  readonly proxy: string | null;
  readonly compression: boolean;
}

const op = 'run credential plugin';

/** Characters of the plugin's own words that are shown. */
const mostWords = 400;

export const pluginFailure = (
  exec: ExecSettings,
  kind: Failure['kind'],
  message: string,
  hint?: string,
): Failure =>
  failure(kind, op, message, { on: exec.command, ...(hint === undefined ? {} : { hint }) });

/** Value of KUBERNETES_EXEC_INFO. */
export const execInfo = (exec: ExecSettings, cluster: ExecCluster): string =>
  JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: {
      ...(exec.provideClusterInfo
        ? {
            cluster: {
              server: cluster.server,
              ...(cluster.serverName === null ? {} : { 'tls-server-name': cluster.serverName }),
              ...(cluster.verify ? {} : { 'insecure-skip-tls-verify': true }),
              ...(cluster.ca === null
                ? {}
                : { 'certificate-authority-data': Buffer.from(cluster.ca).toString('base64') }),
              ...(cluster.proxy === null ? {} : { 'proxy-url': cluster.proxy }),
              ...(cluster.compression ? {} : { 'disable-compression': true }),
              ...(exec.clusterConfig === null ? {} : { config: exec.clusterConfig }),
            },
          }
        : {}),
      interactive: false,
    },
  });

const credentialSchema = z.object({
  kind: z.literal('ExecCredential'),
  apiVersion: z.string(),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

export interface PluginSecret {
  readonly secret: Secret;
  /** Null: valid until the server refuses it. */
  readonly expires: EpochMs | null;
}

/** What a plugin printed, as a credential. The output itself never enters a failure: it is a secret. */
export const parseExecCredential = (exec: ExecSettings, stdout: string): Result<PluginSecret> => {
  const fail = (message: string) => failed(pluginFailure(exec, 'undecodable', message));
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    return fail(
      stdout.trim() === ''
        ? 'the credential plugin printed nothing'
        : 'the credential plugin did not print JSON',
    );
  }
  const parsed = credentialSchema.safeParse(json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    return fail(
      `the credential plugin did not print an ExecCredential: ${field || 'the object'} is wrong`,
    );
  }
  const { apiVersion, status } = parsed.data;
  if (apiVersion !== exec.apiVersion) {
    return fail(
      `the credential plugin speaks ${cleanText(apiVersion).slice(0, 80)}, the kubeconfig says ${exec.apiVersion}`,
    );
  }
  const token = status.token ?? '';
  const cert = status.clientCertificateData ?? '';
  const key = status.clientKeyData ?? '';
  if ((cert === '') !== (key === '')) {
    return fail('the credential plugin returned only one of certificate and key');
  }
  if (token === '' && cert === '') return fail('the credential plugin returned no credential');
  const expires = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Number.NaN;
  if (status.expirationTimestamp && Number.isNaN(expires)) {
    return fail('the credential plugin returned an expirationTimestamp that is not a time');
  }
  return ok({
    secret: {
      authorization: token === '' ? null : `Bearer ${token}`,
      certificate: cert === '' ? null : { cert, key },
    },
    expires: Number.isNaN(expires) ? null : epochMs(expires),
  });
};

/** A plugin's complaint, fit to be shown: no control characters, no secrets, not long. */
export const complaint = (stderr: string): string =>
  clip(plainText(cleanText(stderr.trim())), mostWords);
