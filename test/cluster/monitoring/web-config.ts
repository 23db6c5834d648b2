import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { caOf, createCa, issueCertificate, pairOf } from '../pki.ts';
import { type Run, writeJson } from '../run-dir.ts';
import type { BasicAuth, WebAccess } from './web-client.ts';

/** How a server asks to be spoken to; both servers take the same file. */
export interface WebConfig {
  readonly basicAuth?: BasicAuth;
  /** `client-certificate` refuses those that have none signed by the CA of the run. */
  readonly tls?: 'server' | 'client-certificate';
}

// The lowest cost there is: these passwords protect nothing.
const BCRYPT_COST = '04';
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const bcryptSalt = (): string =>
  `${[...randomBytes(21)].map((byte) => BCRYPT_ALPHABET[byte % 64]).join('')}.`;

/** By the libcrypt of the machine, through the perl that every Debian has: Node knows no bcrypt. */
const bcrypt = (password: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const salt = `$2b$${BCRYPT_COST}$${bcryptSalt()}`;
    const program = 'my $p = <STDIN>; print crypt($p, $ARGV[0])';
    const child = execFile('perl', ['-e', program, salt], (error, stdout) => {
      if (error) reject(new Error('cannot hash a password with perl', { cause: error }));
      else if (!stdout.startsWith('$2b$')) reject(new Error('this libcrypt knows no bcrypt'));
      else resolve(stdout);
    });
    child.stdin?.end(password);
  });

const createCertificates = async (run: Run): Promise<void> => {
  if (!existsSync(caOf(run.dir).cert)) await createCa(run.dir);
  const names = ['DNS:localhost', 'IP:127.0.0.1'];
  const wanted = [
    { name: 'monitoring', user: 'monitoring', names },
    { name: 'monitoring-client', user: 'monitoring-client' },
  ].filter(({ name }) => !existsSync(pairOf(run.dir, name).cert));
  await Promise.all(wanted.map((request) => issueCertificate(run.dir, request)));
};

const tlsSection = (run: Run, tls: NonNullable<WebConfig['tls']>) => {
  const { cert, key } = pairOf(run.dir, 'monitoring');
  return {
    tls_server_config: {
      cert_file: cert,
      key_file: key,
      ...(tls === 'client-certificate'
        ? { client_auth_type: 'RequireAndVerifyClientCert', client_ca_file: caOf(run.dir).cert }
        : {}),
    },
  };
};

/** Writes the file for a server. @returns its path, and how a client gets in but for the URL. */
export const writeWebConfig = async (
  run: Run,
  dir: string,
  { basicAuth, tls }: WebConfig,
): Promise<{ readonly path: string; readonly access: Omit<WebAccess, 'url'> }> => {
  if (tls) await createCertificates(run);
  const path = join(dir, 'web.yml');
  // JSON is YAML.
  writeJson(path, {
    ...(tls ? tlsSection(run, tls) : {}),
    ...(basicAuth
      ? { basic_auth_users: { [basicAuth.user]: await bcrypt(basicAuth.password) } }
      : {}),
  });
  return {
    path,
    access: {
      ...(tls ? { ca: caOf(run.dir).cert } : {}),
      ...(tls === 'client-certificate' ? pairOf(run.dir, 'monitoring-client') : {}),
      ...(basicAuth ? { basicAuth } : {}),
    },
  };
};
