import { type EtcdAnswer, etcdAnswerIn } from '../actions/etcd-answer.ts';
import type { EffectLooks } from '../adapters/effects/effect-looks.ts';
import type { SavedFile } from '../adapters/effects/saved-file.ts';
import type { ToldAct } from '../kernel/act-fact.ts';
import type { Silence } from '../kernel/alert-fact.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { cannotBeKnown, type Found, notFound } from './found.ts';
import {
  compactedIn,
  compactedText,
  defragmentedText,
  disarmedText,
  leaderText,
  savedText,
} from './found-etcd.ts';
import { foundObject } from './found-object.ts';
import { createdText, endedText, isLike, silenceAsked } from './found-silence.ts';
import type { ReadPath } from './gather-argo.ts';
import { requestSaid, type SaidRequest } from './request-said.ts';

export interface FoundNowDeps {
  readonly read: ReadPath;
  readonly world: () => World;
  readonly looks: EffectLooks;
  readonly file: (path: string) => Promise<Result<SavedFile>>;
  /** Alertmanagers that are known, by name. */
  readonly alertmanagers: () => readonly string[];
  /** Client URLs of members of an etcd cluster, as far as they are known. */
  readonly endpoints: (cluster: string) => readonly string[];
  readonly now: () => EpochMs;
}

type Asked = ToldAct<'asked'>;
type Kind = SaidRequest['kind'];
type Said<K extends Kind> = Extract<SaidRequest, { readonly kind: K }>;

const saidOf = <K extends Kind>({ requests }: Asked, kind: K): readonly Said<K>[] =>
  requests.map(requestSaid).filter((said): said is Said<K> => said !== null && said.kind === kind);

const notWhole = cannotBeKnown('what was asked for was not written down whole');

/** One sentence of several, or that somebody has to look again where one could not be looked at. */
const together = (all: readonly Found[]): Found => {
  const later = all.find((one) => one.kind === 'later');
  if (later !== undefined) return later;
  const texts = all.flatMap((one) => (one.kind === 'told' ? [one.text] : []));
  return texts.length === 0 ? notWhole : { kind: 'told', text: [...new Set(texts)].join('; ') };
};

const told = (text: string): Found => (text === '' ? notWhole : { kind: 'told', text });

const foundSilence = async (
  { looks, alertmanagers, now }: FoundNowDeps,
  { method, path, source, body }: Said<'alertmanager'>,
  alone: boolean,
  signal: AbortSignal,
): Promise<Found> => {
  const asked = silenceAsked(body);
  if (method === 'POST' && asked === null) return notWhole;
  const id = path.slice(path.lastIndexOf('/') + 1);
  const heldIn = (silences: readonly Silence[]): boolean =>
    silences.some(asked === null ? (s) => s.id === id : isLike(asked));
  const textOf = (name: string, silences: readonly Silence[]): string =>
    asked === null ? endedText(id, name, silences) : createdText(asked, name, silences, now());
  const read = await looks.silences(source, signal);
  if (read.ok) return told(textOf(source, [...read.value.values()]));
  // Those that gossip share it. One that has none may be of another cluster: that tells nothing; nor does one that has
  // it where several clusters were told.
  for (const other of alone ? alertmanagers() : []) {
    const elsewhere = other === source ? read : await looks.silences(other, signal);
    const silences = elsewhere.ok ? [...elsewhere.value.values()] : [];
    if (heldIn(silences)) return told(textOf(other, silences));
  }
  return notFound(read.failure);
};

type FirstOf = <T>(ask: (endpoint: string) => Promise<Result<T>>) => Promise<Result<T>>;

/** The first member that answers: what is asked here is the same at each of them. */
const firstOf =
  (endpoints: readonly string[], signal: AbortSignal): FirstOf =>
  async (ask) => {
    let first: Awaited<ReturnType<typeof ask>> | null = null;
    for (const endpoint of new Set(endpoints)) {
      const answer = await ask(endpoint);
      if (answer.ok || signal.aborted) return answer;
      first ??= answer;
    }
    return first ?? failed(failure('misconfigured', 'ask etcd', 'no address of it is known'));
  };

const answerOf = async (
  { looks }: FoundNowDeps,
  cluster: string,
  endpoint: string,
  signal: AbortSignal,
): Promise<Result<EtcdAnswer>> => {
  const read = await looks.etcdStatus(cluster, endpoint, signal);
  if (!read.ok) return read;
  const answer = etcdAnswerIn(read.value);
  if (answer !== null) return ok(answer);
  return failed(failure('undecodable', 'ask etcd', 'it does not answer as etcd does'));
};

const foundEtcd = async (
  deps: FoundNowDeps,
  asked: Asked,
  cluster: string,
  signal: AbortSignal,
): Promise<Found> => {
  const [snapshot] = saidOf(asked, 'snapshot');
  if (snapshot !== undefined) {
    const file = await deps.file(snapshot.path);
    return file.ok ? told(savedText(snapshot.path, file.value)) : notFound(file.failure);
  }
  const writes = saidOf(asked, 'etcd').filter((r) => !r.path.endsWith('/status'));
  const [write] = writes;
  if (write === undefined) return notWhole;
  const at = firstOf([write.endpoint, ...deps.endpoints(cluster)], signal);
  const status = () => at((endpoint) => answerOf(deps, cluster, endpoint, signal));
  switch (write.path) {
    case '/v3/kv/compaction': {
      const read = await at((endpoint) => deps.looks.etcdCompaction(cluster, endpoint, signal));
      if (!read.ok) return notFound(read.failure);
      const compacted = compactedIn(read.value);
      if (compacted !== null) return told(compactedText(write.body, compacted));
      return cannotBeKnown('etcd does not say up to which revision it is compacted');
    }
    case '/v3/maintenance/defragment': {
      const members = await Promise.all(
        writes.map(async ({ endpoint }) => {
          const place = endpoint.replace(/^https?:\/\//, '');
          return { place, read: await answerOf(deps, cluster, endpoint, signal) };
        }),
      );
      const [first] = members;
      if (first !== undefined && !first.read.ok && !members.some(({ read }) => read.ok)) {
        return notFound(first.read.failure);
      }
      return told(
        defragmentedText(
          members.map(({ place, read }) => ({ place, answer: read.ok ? read.value : null })),
        ),
      );
    }
    case '/v3/maintenance/alarm': {
      const answer = await status();
      const bodies = writes.map(({ body }) => body);
      return answer.ok ? told(disarmedText(bodies, answer.value)) : notFound(answer.failure);
    }
    case '/v3/maintenance/transfer-leadership': {
      const answer = await status();
      return answer.ok ? told(leaderText(write.body, answer.value)) : notFound(answer.failure);
    }
    default:
      return cannotBeKnown('nothing that etcd says tells of it');
  }
};

/** What is there now of what an act was about, asked of whom it was sent to. */
export const foundNow = (deps: FoundNowDeps) => {
  const object = foundObject(deps.read, deps.world);
  return async (asked: Asked, signal: AbortSignal): Promise<Found> => {
    const { subject } = asked;
    const saves = saidOf(asked, 'snapshot').length > 0;
    if (asked.effect === 'read' && !saves) {
      return { kind: 'told', text: 'it only reads: nothing was changed by it' };
    }
    switch (subject.kind) {
      case 'alerts': {
        const requests = saidOf(asked, 'alertmanager');
        const alone = requests.length === 1;
        const each = requests.map((one) => foundSilence(deps, one, alone, signal));
        return together(await Promise.all(each));
      }
      case 'etcd':
        return await foundEtcd(deps, asked, subject.cluster, signal);
      default:
        return await object(asked, signal);
    }
  };
};
