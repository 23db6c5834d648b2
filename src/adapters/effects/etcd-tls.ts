import type { EffectReads } from '../../kernel/effect-ports.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import { noTls, type SourceSettings, type SourceTls } from '../../kernel/source-target.ts';
import { chooseTls, kubeadmFiles } from '../etcd/certificates.ts';
import { type MemberFiles, podsIn } from '../etcd/etcd-pod.ts';

export interface EtcdTlsOptions {
  readonly settings: Pick<SourceSettings, 'etcd' | 'discover' | 'etcdTls'>;
  readonly read: EffectReads['kubernetes'];
  /** Where a control-plane node keeps a client certificate; kubeadm's place unless a test has another. */
  readonly nodeFiles?: MemberFiles;
}

const podsPath = '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Detcd';

/** Certificates to speak to a member of a cluster with: the same that it is watched with. */
export const etcdTls =
  ({ settings, read, nodeFiles = kubeadmFiles }: EtcdTlsOptions) =>
  async (cluster: string, endpoint: string, signal: AbortSignal): Promise<Result<SourceTls>> => {
    if (!endpoint.startsWith('https:')) return ok(noTls);
    const named = settings.etcd.find(({ name }) => name === cluster);
    if (named !== undefined) return ok(named.tls);
    const near = await chooseTls(settings.etcdTls, [nodeFiles]);
    if (near.ok || !settings.discover) return near;
    const listed = await read(podsPath, signal);
    const pods = listed.ok ? (podsIn(listed.value) ?? []) : [];
    const files = pods.flatMap((pod) => pod.files ?? []);
    return await chooseTls(settings.etcdTls, [nodeFiles, ...files]);
  };
