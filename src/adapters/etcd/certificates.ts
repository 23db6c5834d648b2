import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceTls } from '../../kernel/source-target.ts';
import { readSourceFile } from '../http/source-file.ts';
import type { MemberFiles } from './etcd-pod.ts';

/** Where kubeadm puts a client certificate that is meant for looking at etcd. */
export const kubeadmFiles: MemberFiles = {
  ca: '/etc/kubernetes/pki/etcd/ca.crt',
  cert: '/etc/kubernetes/pki/etcd/healthcheck-client.crt',
  key: '/etc/kubernetes/pki/etcd/healthcheck-client.key',
};

const setOf = ({ ca, cert, key }: SourceTls): boolean =>
  ca !== null || cert !== null || key !== null;

const toSet = 'set ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY, or `etcd:` in the configuration';

/** The first of the files that cannot be read; null when all can. */
const obstacle = async ({ ca, cert, key }: MemberFiles): Promise<Failure | null> => {
  const files = [
    { part: 'certificate authority', path: ca },
    { part: 'client certificate', path: cert },
    { part: 'client key', path: key },
  ];
  for (const file of files) {
    const read = await readSourceFile(file);
    if (!read.ok) return read.failure;
  }
  return null;
};

/** A file that is there and may not be read says more than one that is not there. */
const tellsMore = (found: readonly Failure[]): Failure | undefined =>
  found.find(({ message }) => !message.endsWith('does not exist')) ?? found[0];

/**
 * Certificates to ask discovered members with: those that are set, else the first of which all files can be read here.
 * A failure names the file that is in the way, the user where it is a matter of rights, and what to set.
 */
export const chooseTls = async (
  settings: SourceTls,
  candidates: readonly MemberFiles[],
): Promise<Result<SourceTls>> => {
  if (setOf(settings)) return ok(settings);
  const found: Failure[] = [];
  for (const files of candidates) {
    const why = await obstacle(files);
    if (why === null) return ok({ ...settings, ...files });
    found.push(why);
  }
  const why = tellsMore(found);
  const because =
    why === undefined ? '' : `: ${why.message}${why.on === undefined ? '' : ` (${why.on})`}`;
  return failed(
    failure(
      'misconfigured',
      'find certificates for etcd',
      `no certificates to ask etcd with${because}`,
      {
        ...(why?.on === undefined ? {} : { on: why.on }),
        hint: toSet,
      },
    ),
  );
};
