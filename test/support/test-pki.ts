import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM files and their contents. */
export interface TestPair {
  readonly certPath: string;
  readonly keyPath: string;
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificate {
  readonly name: string;
  /** `/O=group/CN=user` */
  readonly subject?: string;
  /** As openssl writes them: `DNS:localhost,IP:127.0.0.1`. */
  readonly names?: string;
  /** Negative: it has already expired. */
  readonly days?: number;
}

export interface TestCa extends TestPair {
  issue(certificate: TestCertificate): TestPair;
}

const openssl = (args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const pairAt = (dir: string, name: string): TestPair => {
  const certPath = join(dir, `${name}.crt`);
  const keyPath = join(dir, `${name}.key`);
  return {
    certPath,
    keyPath,
    cert: readFileSync(certPath, 'utf8'),
    key: readFileSync(keyPath, 'utf8'),
  };
};

/** A certificate authority for one test file, made with openssl. */
export const createTestCa = (dir: string, name = 'ca'): TestCa => {
  mkdirSync(dir, { recursive: true });
  const at = (file: string): string => join(dir, file);
  openssl([
    ...['req', '-x509', ...newKey, '-days', '30', '-subj', `/CN=${name}`],
    ...['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)],
  ]);
  const ca = pairAt(dir, name);
  return {
    ...ca,
    issue: ({ name: leaf, subject = `/CN=${leaf}`, names = '', days = 30 }) => {
      openssl([
        ...['req', ...newKey, '-subj', subject],
        ...['-keyout', at(`${leaf}.key`), '-out', at(`${leaf}.csr`)],
      ]);
      const extensions = [
        'basicConstraints=critical,CA:FALSE',
        'extendedKeyUsage=serverAuth,clientAuth',
        ...(names === '' ? [] : [`subjectAltName=${names}`]),
      ];
      writeFileSync(at(`${leaf}.ext`), `${extensions.join('\n')}\n`);
      openssl([
        ...['x509', '-req', '-in', at(`${leaf}.csr`), '-days', String(days)],
        ...['-CA', ca.certPath, '-CAkey', ca.keyPath, '-CAcreateserial'],
        ...['-extfile', at(`${leaf}.ext`), '-out', at(`${leaf}.crt`)],
      ]);
      return pairAt(dir, leaf);
    },
  };
};
