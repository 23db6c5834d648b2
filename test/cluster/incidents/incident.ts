import type { Config } from '../../../src/cli/config.ts';
import type { SourceFlags } from '../../../src/cli/sources.ts';
import type { Cluster } from '../cluster-handle.ts';

/** One step of an incident: what happens, how it is called in the recording, and how long it is looked at. */
export interface Stage {
  /** Short and without spaces, to name the stage on a command line or in a test. */
  readonly name?: string;
  /** Becomes a mark in the recording; '' for none. */
  readonly mark: string;
  act(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  /** Resolves when the stage has had its effect. */
  until?(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  readonly thenSeconds: number;
}

/** Something that goes wrong in a real cluster, and is put right again, told step by step. */
export interface Incident {
  readonly name: string;
  readonly summary: string;
  readonly nodes: number;
  /** A real kubelet beside the simulated nodes; default true. */
  readonly realNode?: boolean;
  /** Label of the mark at which a viewer of the recording begins; default where it begins itself. */
  readonly opensAt?: string;
  /** Everything healthy, before the recording begins. */
  prepare(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  /** What midwatch is told besides the kubeconfig, once it is prepared. */
  sources?(cluster: Cluster): Told;
  readonly stages: readonly Stage[];
  /** Ends what `prepare` has started outside of the cluster. */
  close?(): Promise<void>;
}

/** As on the command line and in the configuration. */
export interface Told {
  readonly flags?: SourceFlags;
  readonly config?: Pick<Config, 'etcd' | 'alertmanagers' | 'prometheus' | 'discover'>;
}
