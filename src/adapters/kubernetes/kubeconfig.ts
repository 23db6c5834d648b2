import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { didYouMean } from './did-you-mean.ts';
import { type InCluster, inClusterOf, type ServiceAccountMount } from './in-cluster.ts';
import {
  type KubeconfigChain,
  type KubeconfigFile,
  type Merged,
  mergeKubeconfigs,
  type Placed,
} from './kubeconfig-merge.ts';
import type { ContextEntry } from './kubeconfig-schema.ts';
import { resolveEntries, resolveInCluster } from './kubeconfig-target.ts';
import type { Env } from './proxy.ts';
import type { Resolved } from './resolved.ts';

/** What the command line may say; empty text counts as absent. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
}

/** Everything that decides; nothing else is looked at. */
export interface KubeconfigInput {
  readonly chain: KubeconfigChain;
  /** The files of the chain, in its order. */
  readonly files: readonly KubeconfigFile[];
  readonly flags: ConnectionFlags;
  readonly env: Env;
  readonly mount: ServiceAccountMount;
}

const fail = (message: string, on: string, hint?: string): { ok: false; failure: Failure } =>
  failed(
    failure('misconfigured', 'read kubeconfig', message, {
      on,
      ...(hint === undefined ? {} : { hint }),
    }),
  );

/** An entry that was chosen: its name, itself, its file, and who chose it. */
export interface Chosen<T> extends Placed<T> {
  readonly name: string;
  readonly by: string;
}

const pick = <T>(
  what: 'context' | 'cluster' | 'user',
  name: string,
  by: string,
  all: ReadonlyMap<string, Placed<T>>,
  where: string,
): Result<Chosen<T>> => {
  const found = all.get(name);
  if (found !== undefined) return ok({ ...found, name, by });
  return fail(
    `${what} "${name}" (from ${by}) is not in the kubeconfig`,
    where,
    `${what}s: ${didYouMean(name, [...all.keys()])}`,
  );
};

const noFile = ({ chain }: KubeconfigInput, found: readonly string[]) => {
  const where = chain.paths.join(', ');
  if (chain.from === '--kubeconfig') {
    return fail('the kubeconfig does not exist', where, 'check the path given to --kubeconfig');
  }
  return found.length === 0
    ? fail(
        `no kubeconfig was found${chain.from === 'KUBECONFIG' ? ' at any path in KUBECONFIG' : ''}, and this is not a pod`,
        where,
        'set KUBECONFIG or give --kubeconfig; without a cluster, `midwatch replay` still works',
      )
    : null;
};

/**
 * Decides which server is asked, as whom and through what, as kubectl decides it.
 * Where kubectl would go on with an empty cluster or as an anonymous user, because a name in the context
 * does not exist, this is a failure: nobody means that at three in the morning.
 */
export const resolveKubeconfig = (input: KubeconfigInput): Result<Resolved> => {
  const { chain, files, flags, env, mount } = input;
  const read = files.filter((file) => file.kind !== 'missing').map((file) => file.path);
  const pod = inClusterOf(env, mount);
  if (chain.from === '--kubeconfig' && read.length === 0) {
    return noFile(input, read) ?? fail('the kubeconfig does not exist', chain.paths.join(', '));
  }
  const merged = mergeKubeconfigs(files);
  if (!merged.ok) return merged;
  const where = read.length === 0 ? chain.paths.join(', ') : read.join(', ');
  const context = chooseContext(merged.value, flags, where);
  if (!context.ok) return context;
  const clusterName = flags.cluster || context.value?.value.cluster || '';
  if (clusterName === '') return withoutCluster(input, context.value, read, pod, merged.value);
  const at = context.value?.path ?? where;
  const by = context.value === null ? 'the command line' : `context "${context.value.name}"`;
  const cluster = pick(
    'cluster',
    clusterName,
    flags.cluster ? '--cluster' : by,
    merged.value.clusters,
    at,
  );
  if (!cluster.ok) return cluster;
  const userName = flags.user || context.value?.value.user || '';
  const user =
    userName === ''
      ? ok(null)
      : pick('user', userName, flags.user ? '--user' : by, merged.value.users, at);
  if (!user.ok) return user;
  return resolveEntries(input, context.value, cluster.value, user.value);
};

const chooseContext = (
  merged: Merged,
  flags: ConnectionFlags,
  where: string,
): Result<Chosen<ContextEntry> | null> => {
  if (flags.context) return pick('context', flags.context, '--context', merged.contexts, where);
  if (merged.current === null) return ok(null);
  const { value, path } = merged.current;
  return pick('context', value, `current-context in ${path}`, merged.contexts, where);
};

const withoutCluster = (
  input: KubeconfigInput,
  context: Chosen<ContextEntry> | null,
  read: readonly string[],
  pod: InCluster | null,
  merged: Merged,
): Result<Resolved> => {
  if (context !== null) {
    return fail(
      `context "${context.name}" names no cluster`,
      context.path,
      'give one with --cluster',
    );
  }
  if (pod !== null) return resolveInCluster(input, pod);
  return (
    noFile(input, read) ??
    fail(
      'no context is chosen: the kubeconfig has no current-context',
      read.join(', '),
      `choose one with --context or kubectl config use-context; ${didYouMean('', [...merged.contexts.keys()])}`,
    )
  );
};
