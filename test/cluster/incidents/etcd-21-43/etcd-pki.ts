import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCa, issueCertificate, pkiDir } from '../../pki.ts';
import type { Run } from '../../run-dir.ts';
import { ETCD_SERVICE, etcdPkiHome, mountedPki } from './payments-etcd.ts';

const pairs = ['server', 'peer', 'client'] as const;

/** A CA of its own for the payments' etcd, as kubeadm makes one, and what members and clients show. */
export const createEtcdPki = async (run: Run, ip: string): Promise<void> => {
  const home = etcdPkiHome(run);
  await createCa(home, 'etcd-ca');
  const names = [
    `IP:${ip}`,
    'IP:127.0.0.1',
    'DNS:localhost',
    `DNS:${ETCD_SERVICE}.kube-system.svc`,
  ];
  await Promise.all(
    pairs.map((name) =>
      issueCertificate(home, { name, user: `${ETCD_SERVICE}-${name}`, names: [...names] }),
    ),
  );
  mkdirSync(mountedPki(run), { recursive: true, mode: 0o700 });
  const files = ['ca.crt', ...pairs.flatMap((name) => [`${name}.crt`, `${name}.key`])];
  for (const file of files) copyFileSync(join(pkiDir(home), file), join(mountedPki(run), file));
};
