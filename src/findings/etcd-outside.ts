import { oneLine } from '../probes/one-line.ts';
import { isEtcdCheck } from './control-plane-problem.ts';
import { type EtcdCase, etcdChecks } from './etcd-case.ts';
import type { EtcdOutsideView } from './etcd-report.ts';
import type { EtcdService } from './etcd-services.ts';
import { type EtcdSight, leaderSeen } from './etcd-sight.ts';
import { namesText } from './etcd-words.ts';
import { some } from './words.ts';

const readyz = ({ own, readyz: said }: EtcdCase): readonly EtcdOutsideView[] => {
  if (!own) return [];
  const { state, trust } = said;
  const view = (tone: EtcdOutsideView['tone'], text: string): readonly EtcdOutsideView[] => [
    { by: 'readyz', tone, text },
  ];
  if (trust.kind === 'unknown') return view('unknown', `readyz of the API server: ${trust.why}`);
  const checks = [...(state?.checks ?? [])].filter(([name]) => isEtcdCheck(name));
  if (checks.length === 0) return view('unknown', 'readyz of the API server says nothing of etcd');
  const failing = checks.filter(([, c]) => !c.ok).map(([name]) => name);
  const text =
    failing.length === 0
      ? 'readyz of the API server: its etcd checks pass'
      : `readyz of the API server: ${namesText(failing)} ${failing.length === 1 ? 'fails' : 'fail'}`;
  if (trust.kind === 'stale') return view('stale', `last known: ${text}; ${trust.why}`);
  return view(failing.length === 0 ? 'good' : 'bad', text);
};

const endpoints = (services: readonly EtcdService[]): readonly EtcdOutsideView[] =>
  services.map(({ namespace, name, ready, all }) => ({
    by: 'endpoints',
    tone: ready === 0 ? 'bad' : ready < all ? 'warn' : 'good',
    text:
      all === 0
        ? `service ${namespace}/${name} has no endpoints`
        : `service ${namespace}/${name}: ${ready} of ${some(all, 'endpoint')} ready`,
  }));

const isWell = ({ pod, trouble }: EtcdSight): boolean =>
  pod !== null && trouble === null && pod.total > 0 && pod.ready >= pod.total;

/** A pod that is not seen may be one that may not be read. */
const podsTone = (all: number, well: number, gone: number): EtcdOutsideView['tone'] => {
  if (well === all) return 'good';
  if (gone === all) return 'unknown';
  return well + gone === all ? 'warn' : 'bad';
};

const staticPods = ({ sights }: EtcdCase): readonly EtcdOutsideView[] => {
  const told = sights.filter((s) => s.pod !== null || s.state.info.pod !== null);
  if (told.length === 0) return [];
  const well = told.filter(isWell).length;
  const gone = told.filter((s) => s.pod === null).map((s) => s.name);
  const missing = gone.length === 0 ? '' : `; no pod of ${namesText(gone)} is seen`;
  return [
    {
      by: 'static pods',
      tone: podsTone(told.length, well, gone.length),
      text: `${well} of ${some(told.length, 'pod')} ready${missing}`,
    },
  ];
};

/** What others than the members say. */
export const etcdOutside = (
  c: EtcdCase,
  services: readonly EtcdService[],
): readonly EtcdOutsideView[] => [...readyz(c), ...staticPods(c), ...endpoints(services)];

const writes = ({ quorum }: EtcdCase): 'go on' | 'stopped' | null => {
  if (quorum.kind === 'untold') return null;
  return quorum.kind === 'stands' ? 'go on' : 'stopped';
};

const withReadyz = (c: EtcdCase): readonly string[] => {
  const checks = c.own ? etcdChecks(c.readyz) : null;
  const { quorum } = c;
  if (checks === 'fail' && writes(c) === 'go on') {
    return [
      `${quorum.working} of ${quorum.voters} members take part and have a leader, while readyz of the API server says that etcd fails`,
    ];
  }
  if (checks === 'pass' && writes(c) === 'stopped') {
    return [
      'the members have lost their quorum, while readyz of the API server says that etcd is well',
    ];
  }
  const silent = c.sights.length > 0 && c.sights.every((s) => s.hearing.kind === 'barred');
  return checks === 'pass' && silent
    ? ['no member answers us, while the API server reaches etcd: it may be our way to them']
    : [];
};

const withServices = (c: EtcdCase, services: readonly EtcdService[]): readonly string[] => {
  const answering = c.sights.filter((s) => s.hearing.kind === 'answers' && leaderSeen(s));
  if (answering.length === 0) return [];
  return services
    .filter((s) => s.ready === 0)
    .map(
      (s) =>
        `service ${s.namespace}/${s.name} has no ready endpoint, while ${namesText(answering.map((a) => a.name))} ${answering.length === 1 ? 'answers' : 'answer'}`,
    );
};

const withPods = ({ sights }: EtcdCase): readonly string[] =>
  sights.flatMap((s) => {
    if (s.pod === null) return [];
    const pod = `pod ${s.pod.namespace}/${s.pod.name}`;
    if (s.hearing.kind === 'down' && isWell(s)) {
      return [
        `${pod} is ready, while ${s.name} does not answer: ${oneLine(s.hearing.failure.message)}`,
      ];
    }
    return s.hearing.kind === 'answers' && s.trouble !== null
      ? [`${pod} is not well (${s.trouble.reason}), while ${s.name} answers`]
      : [];
  });

/** Where the members and the others say different things. Of what is old nothing is compared. */
export const etcdDisagreements = (
  c: EtcdCase,
  services: readonly EtcdService[],
): readonly string[] =>
  c.stale ? [] : [...withReadyz(c), ...withServices(c, services), ...withPods(c)];
