import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Pem, TlsSettings } from './resolved.ts';

/** A client certificate handed out by a credential plugin; it takes the place of the one in the kubeconfig. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a TLS handshake needs, checked. */
export interface TlsMaterial {
  readonly context: SecureContext;
  readonly serverName: string | null;
  readonly verify: boolean;
}

const op = 'prepare TLS';

const fileFailure = (field: string, path: string, error: unknown): Failure => {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES' || code === 'EPERM'
        ? 'may not be read by this user'
        : `cannot be read (${code ?? String(error)})`;
  return failure('misconfigured', op, `the ${field} file ${why}`, {
    on: path,
    hint: `check the path behind ${field} in the kubeconfig`,
  });
};

/** The text of a PEM source; a failure names the field and the file. */
export const readPem = async (field: string, pem: Pem): Promise<Result<string>> => {
  if (pem.kind === 'inline') return ok(pem.pem);
  try {
    return ok(await readFile(pem.path, 'utf8'));
  } catch (error) {
    return failed(fileFailure(field, pem.path, error));
  }
};

const whereOf = (pem: Pem): { on?: string } => (pem.kind === 'file' ? { on: pem.path } : {});

/** Tries each part alone, so that the message can name the one that is broken. */
const blame = (error: unknown, parts: readonly (readonly [string, Pem, () => void])[]): Failure => {
  for (const [field, pem, attempt] of parts) {
    try {
      attempt();
    } catch {
      return failure('misconfigured', op, `${field} is not valid PEM`, {
        ...whereOf(pem),
        hint: `replace ${field}; in *-data fields it must be the whole PEM file in base64`,
      });
    }
  }
  const mismatch = (error as NodeJS.ErrnoException).code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH';
  return failure(
    'misconfigured',
    op,
    mismatch
      ? 'client-key does not belong to client-certificate'
      : `TLS cannot be set up: ${(error as Error).message}`,
    { hint: 'take certificate and key from the same source' },
  );
};

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

// OpenSSL takes an authority that it cannot read as "no authority" and says nothing.
const mustBePem = (text: string): void => {
  const blocks = [...text.matchAll(block)];
  if (blocks.length === 0) throw new Error('no PEM block');
  for (const [pem, kind] of blocks) if (kind === 'CERTIFICATE') new X509Certificate(pem);
};

/**
 * Reads the files and builds the TLS context. Called for each new generation of connections, which is how
 * rotated files are picked up. Failures name the field and the file.
 */
export const tlsMaterial = async (
  settings: TlsSettings,
  plugin: ClientCertificate | null,
): Promise<Result<TlsMaterial>> => {
  const own = settings.certificate;
  const inline = (pem: string): Pem => ({ kind: 'inline', pem });
  const pair = plugin === null ? own : { cert: inline(plugin.cert), key: inline(plugin.key) };
  const ca = settings.ca === null ? null : await readPem('certificate-authority', settings.ca);
  if (ca?.ok === false) return ca;
  const cert = pair === null ? null : await readPem('client-certificate', pair.cert);
  if (cert?.ok === false) return cert;
  const key = pair === null ? null : await readPem('client-key', pair.key);
  if (key?.ok === false) return key;
  const parts = {
    ...(ca === null ? {} : { ca: ca.value }),
    ...(cert === null ? {} : { cert: cert.value }),
    ...(key === null ? {} : { key: key.value }),
  };
  try {
    for (const text of Object.values(parts)) mustBePem(text);
    const context = createSecureContext({ minVersion: 'TLSv1.2', ...parts });
    return ok({ context, serverName: settings.serverName, verify: settings.verify });
  } catch (error) {
    const checks: (readonly [string, Pem, () => void])[] = [];
    const check = (field: string, pem: Pem | null | undefined, text: string, as: string): void => {
      if (pem === null || pem === undefined) return;
      const attempt = (): void => {
        mustBePem(text);
        createSecureContext({ [as]: text });
      };
      checks.push([field, pem, attempt]);
    };
    check('certificate-authority', settings.ca, parts.ca ?? '', 'ca');
    check('client-certificate', pair?.cert, parts.cert ?? '', 'cert');
    check('client-key', pair?.key, parts.key ?? '', 'key');
    return failed(blame(error, checks));
  }
};
