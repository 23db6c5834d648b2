import type { Clock, Random } from '../../kernel/clock.ts';
import type { EtcdData } from '../../kernel/etcd-fact.ts';
import { everywhere } from '../../kernel/fact.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort, SourcePort } from '../../kernel/ports.ts';
import type { EtcdTarget, SourceSettings, SourceTls } from '../../kernel/source-target.ts';
import { seconds } from '../../kernel/units.ts';
import { directHttp } from '../http/direct.ts';
import type { HttpSource } from '../http/http-source.ts';
import { hostPort } from './address.ts';
import { chooseTls, kubeadmFiles } from './certificates.ts';
import { ClusterWatch, type EtcdAddress, type EtcdEmit } from './cluster-watch.ts';
import { discover } from './discovery.ts';
import type { EtcdPod, FoundMember, MemberFiles } from './etcd-pod.ts';
import { groupsOf, type PodGroup } from './pod-groups.ts';
import { forbiddenEtcdRequest } from './request-guard.ts';

export interface EtcdSourceOptions {
  readonly settings: Pick<SourceSettings, 'etcd' | 'discover' | 'etcdTls'>;
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
  /** Connections to a member; over the network unless a test has others. */
  readonly open?: (address: EtcdAddress) => HttpSource;
  /** Where a control-plane node keeps a client certificate; kubeadm's place unless a test has another. */
  readonly nodeFiles?: MemberFiles;
}

/** Silence for longer makes what is known old, so those of whom there is no news are told to be as they were. */
const heardEvery = seconds(15);

const settingMembers = ({ endpoints }: EtcdTarget): readonly FoundMember[] => {
  const members = endpoints.map(
    (url): FoundMember => ({
      key: hostPort(url),
      name: '',
      url,
      clientUrls: [url],
      peerUrls: [],
      metricsUrls: [],
      foundBy: 'setting',
      pod: null,
      dataDir: '',
    }),
  );
  return [...new Map(members.map((member) => [member.key, member])).values()];
};

/** Members that a person has named, with what their pods add; pods of members that nobody named come after them. */
export const withPods = (
  named: readonly FoundMember[],
  pods: readonly FoundMember[],
): readonly FoundMember[] => {
  const left = new Set(pods);
  const members = named.map((member): FoundMember => {
    const mine = pods.find(({ clientUrls }) => clientUrls.map(hostPort).includes(member.key));
    if (mine === undefined) return member;
    left.delete(mine);
    const { name, peerUrls, metricsUrls, pod, dataDir } = mine;
    return { ...member, name, peerUrls, metricsUrls, pod, dataDir };
  });
  return [...members, ...left];
};

interface Watched {
  readonly watch: ClusterWatch;
  readonly stop: AbortController;
  readonly named: readonly FoundMember[];
  files: readonly MemberFiles[];
}

class EtcdWatch {
  readonly #options: EtcdSourceOptions;
  readonly #emit: EtcdEmit;
  readonly #signal: AbortSignal;
  readonly #clusters = new Map<string, Watched>();
  readonly #ended = new Set<Promise<void>>();
  readonly #gone = new Set<string>();
  /** Whether it is known which clusters there are. */
  #complete = false;

  constructor(options: EtcdSourceOptions, emit: EtcdEmit, signal: AbortSignal) {
    this.#options = options;
    this.#emit = (signals) => {
      if (!signal.aborted) emit(signals);
    };
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { settings, kubernetes, clock } = this.#options;
    for (const target of settings.etcd) {
      this.#add(target.name, settingMembers(target), [], async () => ok(target.tls), true);
    }
    const looking = settings.discover
      ? discover(
          {
            kubernetes,
            clock,
            troubled: () => [...this.#clusters.values()].some(({ watch }) => watch.troubled),
            found: (pods) => this.#found(pods),
            failed: (failure) => {
              this.#complete = false;
              this.#emit([{ kind: 'failed', scope: everywhere, failure }]);
            },
          },
          this.#signal,
        )
      : Promise.resolve(this.#known());
    await Promise.all([looking, this.#beat()]);
    while (this.#ended.size > 0) await Promise.all(this.#ended);
  }

  #known(): void {
    if (!this.#complete) this.#emit([{ kind: 'synced', scope: everywhere }]);
    this.#complete = true;
  }

  #add(
    name: string,
    members: readonly FoundMember[],
    files: readonly MemberFiles[],
    tls: () => Promise<Result<SourceTls>>,
    named: boolean,
  ): void {
    const { clock, random, version } = this.#options;
    const open =
      this.#options.open ??
      ((address: EtcdAddress): HttpSource =>
        directHttp({
          way: { kind: 'direct', url: address.url },
          auth: { kind: 'none' },
          tls: address.tls,
          clock,
          version,
          guard: forbiddenEtcdRequest,
        }));
    const stop = new AbortController();
    const watch = new ClusterWatch(
      { name, found: members, tls, open, clock, random, emit: this.#emit },
      AbortSignal.any([this.#signal, stop.signal]),
    );
    this.#clusters.set(name, { watch, stop, named: named ? members : [], files });
    const ended = watch.run().finally(() => this.#ended.delete(ended));
    this.#ended.add(ended);
  }

  #found(pods: readonly EtcdPod[]): void {
    const known = [...this.#clusters.values()].map(({ watch }) => watch.known);
    const groups = groupsOf(pods, known);
    for (const group of groups) this.#group(group);
    const there = new Set(groups.map(({ name }) => name));
    for (const [name, { watch, stop, named }] of this.#clusters) {
      if (there.has(name) || named.length > 0 || watch.answers) continue;
      for (const scope of watch.scopes) this.#gone.add(scope);
      stop.abort();
      this.#clusters.delete(name);
      const data: EtcdData = { kind: 'lost', id: 'cluster', cluster: name };
      this.#emit([{ kind: 'observed', scope: name, data }]);
    }
    this.#known();
  }

  #group({ name, members, files }: PodGroup): void {
    const known = this.#clusters.get(name);
    if (known !== undefined) {
      known.files = files;
      known.watch.found(known.named.length > 0 ? withPods(known.named, members) : members);
      return;
    }
    const { settings, nodeFiles = kubeadmFiles } = this.#options;
    const tls = (): Promise<Result<SourceTls>> =>
      chooseTls(settings.etcdTls, [nodeFiles, ...(this.#clusters.get(name)?.files ?? files)]);
    this.#add(name, members, files, tls, false);
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      await clock.sleep(heardEvery, this.#signal);
      if (this.#signal.aborted) return;
      const scopes = [
        ...(this.#complete ? [everywhere] : []),
        ...[...this.#clusters.values()].flatMap(({ watch }) => watch.quiet),
        ...this.#gone,
      ];
      this.#emit(scopes.map((scope) => ({ kind: 'heard', scope })));
    }
  }
}

/**
 * Members of etcd clusters, those that are named in the settings and those whose static pods are found. Each member is
 * asked on its own for its status every 5 s and for its metrics every 15 s; one of each cluster is asked every 15 s who
 * the members are. Only reads, and only what costs the members nothing but the answer.
 */
export const etcdSource = (options: EtcdSourceOptions): SourcePort<EtcdData> => ({
  watch: (emit, signal) => new EtcdWatch(options, emit, signal).run(),
});
