import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly name: string;
  readonly user: string;
  readonly groups?: readonly string[];
  /** Subject alternative names, as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. */
  readonly names?: readonly string[];
}

const run = promisify(execFile);
const DAYS = '3650';

// Elliptic keys: a dozen of RSA keys would take longer than starting the API server.
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export const pkiDir = (runDir: string): string => join(runDir, 'pki');
export const caOf = (runDir: string): KeyPair => pairOf(runDir, 'ca');
export const serviceAccountKeysOf = (runDir: string) => ({
  private: join(pkiDir(runDir), 'service-accounts.key'),
  public: join(pkiDir(runDir), 'service-accounts.pub'),
});

export const pairOf = (runDir: string, name: string): KeyPair => ({
  cert: join(pkiDir(runDir), `${name}.crt`),
  key: join(pkiDir(runDir), `${name}.key`),
});

// A configuration of our own: the machine's openssl.cnf would mark every certificate as a CA.
const extensions = (lines: readonly string[]): string =>
  ['[req]', 'distinguished_name=dn', 'x509_extensions=ext', '[dn]', '[ext]', ...lines, ''].join(
    '\n',
  );

const escapeSubject = (value: string): string => value.replaceAll(/[\\/+]/g, '\\$&');

/** Signs a certificate that serves for clients and servers alike, with the run's CA. */
export const issueCertificate = async (
  runDir: string,
  { name, user, groups = [], names = [] }: CertificateRequest,
): Promise<KeyPair> => {
  const pair = pairOf(runDir, name);
  const config = join(pkiDir(runDir), `${name}.cnf`);
  writeFileSync(
    config,
    extensions([
      'basicConstraints=critical,CA:FALSE',
      'keyUsage=critical,digitalSignature,keyEncipherment',
      'extendedKeyUsage=serverAuth,clientAuth',
      ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
    ]),
  );
  const subject = [
    ...groups.map((group) => `/O=${escapeSubject(group)}`),
    `/CN=${escapeSubject(user)}`,
  ];
  const ca = caOf(runDir);
  await run('openssl', [
    ...['req', '-x509', ...NEW_KEY, '-config', config, '-days', DAYS],
    ...['-CA', ca.cert, '-CAkey', ca.key, '-subj', subject.join('')],
    ...['-keyout', pair.key, '-out', pair.cert],
  ]);
  return pair;
};

/** A CA alone, in `<dir>/pki`. */
export const createCa = async (runDir: string, commonName = 'midwatch-test-ca'): Promise<void> => {
  mkdirSync(pkiDir(runDir), { recursive: true, mode: 0o700 });
  const { cert, key } = caOf(runDir);
  const config = join(pkiDir(runDir), 'ca.cnf');
  writeFileSync(
    config,
    extensions([
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=critical,digitalSignature,keyCertSign,cRLSign',
      'subjectKeyIdentifier=hash',
    ]),
  );
  await run('openssl', [
    ...['req', '-x509', ...NEW_KEY, '-config', config, '-days', DAYS, '-subj', `/CN=${commonName}`],
    ...['-keyout', key, '-out', cert],
  ]);
};

const createServiceAccountKeys = async (runDir: string): Promise<void> => {
  const keys = serviceAccountKeysOf(runDir);
  await run('openssl', [
    ...['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-out', keys.private],
  ]);
  await run('openssl', ['pkey', '-in', keys.private, '-pubout', '-out', keys.public]);
};

/** A CA, the control plane's certificates and the service account keys. About 0.2 s. */
export const createPki = async (runDir: string): Promise<void> => {
  await createCa(runDir);
  const loopback = ['DNS:localhost', 'IP:127.0.0.1'];
  await Promise.all([
    createServiceAccountKeys(runDir),
    ...[
      {
        name: 'kube-apiserver',
        user: 'kube-apiserver',
        names: [...loopback, 'DNS:kubernetes', 'DNS:kubernetes.default.svc', 'IP:10.96.0.1'],
      },
      { name: 'etcd', user: 'etcd', names: loopback },
      { name: 'etcd-client', user: 'etcd-client' },
      { name: 'admin', user: 'admin', groups: ['system:masters'] },
      { name: 'front-proxy', user: 'front-proxy-client' },
      { name: 'controller-manager', user: 'system:kube-controller-manager' },
      { name: 'scheduler', user: 'system:kube-scheduler' },
    ].map((request) => issueCertificate(runDir, request)),
  ]);
};
