import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { noTls, type SourceTarget } from '../../kernel/source-target.ts';
import { seconds } from '../../kernel/units.ts';
import {
  type FoundPods,
  type FoundService,
  podsIn,
  type ServicePort,
  servicesIn,
} from './service-answers.ts';
import { proxyPath } from './service-proxy.ts';

/** What is looked for, and how it is called. */
export interface WantedService {
  readonly title: string;
  /** Label selectors; a service that any of them finds is one. */
  readonly selectors: readonly string[];
  /** Names of the port that is asked, best first. */
  readonly portNames: readonly string[];
  readonly portNumber: number;
}

const portNames = ['web', 'http-web', 'http', 'https', 'https-web', 'web-tls'];

/** As the operator, its charts and the community's charts label them. */
export const alertmanagerServices: WantedService = {
  title: 'Alertmanager',
  selectors: ['app.kubernetes.io/name=alertmanager', 'operated-alertmanager=true'],
  portNames,
  portNumber: 9093,
};
export const prometheusServices: WantedService = {
  title: 'Prometheus',
  selectors: ['app.kubernetes.io/name=prometheus', 'operated-prometheus=true'],
  portNames,
  portNumber: 9090,
};

const mostServices = 100;
/** A refusal comes at once; a pod that hangs must not hold up the search. */
const refusesWithin = seconds(3);

const keyOf = ({ namespace, name }: FoundService): string => `${namespace}/${name}`;

/** The port to ask; null when none is it. */
export const portToAsk = (
  { ports }: FoundService,
  { portNames: names, portNumber }: WantedService,
): ServicePort | null =>
  names.map((name) => ports.find((port) => port.name === name)).find((port) => port) ??
  ports.find((port) => port.port === portNumber) ??
  (ports.length === 1 ? (ports[0] ?? null) : null);

const within = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean =>
  Object.keys(a).length > 0 && Object.entries(a).every(([name, value]) => b[name] === value);

/**
 * One service for each set of pods: those with an address of their own before headless ones. Pods decide where they
 * are known; else a selector that is part of the other's does.
 */
export const distinctServices = (
  services: readonly FoundService[],
  pods: ReadonlyMap<string, FoundPods>,
): readonly FoundService[] => {
  const order = [...services].sort(
    (a, b) => Number(a.headless) - Number(b.headless) || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
  const kept: FoundService[] = [];
  for (const service of order) {
    const near = kept.filter((other) => other.namespace === service.namespace);
    const mine = pods.get(keyOf(service))?.pods ?? [];
    const covered = new Set(near.flatMap((other) => pods.get(keyOf(other))?.pods ?? []));
    const same =
      mine.length > 0 && covered.size > 0
        ? mine.every((pod) => covered.has(pod))
        : near.some(
            ({ selector }) =>
              within(selector, service.selector) || within(service.selector, selector),
          );
    if (!same) kept.push(service);
  }
  return kept;
};

/** The targets of one service: each of its pods where there are several, so that none hides behind another. */
export const targetsOf = (
  service: FoundService,
  port: ServicePort,
  found: FoundPods | undefined,
): readonly SourceTarget[] => {
  const rest = { auth: { kind: 'none' }, tls: noTls } as const;
  const { namespace, name } = service;
  const scheme = port.secure ? 'https' : 'http';
  const number = found?.ports.get(port.name);
  if (found === undefined || number === undefined || found.pods.length < 2) {
    return [viaService(service, port)];
  }
  return found.pods.map((pod) => ({
    name: `${namespace}/${pod === name ? `pod ${pod}` : pod}`,
    way: { kind: 'pod-proxy', namespace, name: pod, port: number, scheme, path: '' },
    ...rest,
  }));
};

const viaService = ({ namespace, name }: FoundService, port: ServicePort): SourceTarget => ({
  name: `${namespace}/${name}`,
  way: {
    kind: 'service',
    namespace,
    name,
    port: port.name === '' ? String(port.port) : port.name,
    scheme: port.secure ? 'https' : 'http',
    path: '',
  },
  auth: { kind: 'none' },
  tls: noTls,
});

/**
 * Looks through all namespaces for services that lead to an Alertmanager or a Prometheus: one GET for each selector,
 * one for the endpoint slices, and one for each service with several pods, to see whether pods may be asked.
 */
export const discoverServices = async (
  kubernetes: Pick<KubernetesPort, 'get'>,
  wanted: WantedService,
  signal: AbortSignal,
): Promise<Result<readonly SourceTarget[]>> => {
  const services = new Map<string, FoundService>();
  for (const selector of wanted.selectors) {
    const path = `/api/v1/services?labelSelector=${encodeURIComponent(selector)}&limit=${mostServices}`;
    const answer = await kubernetes.get(path, signal);
    if (!answer.ok) return failed({ ...answer.failure, hint: hintOf(wanted) });
    const found = servicesIn(answer.value);
    if (found === null) {
      return failed(failure('undecodable', 'discover', 'the list of services cannot be read'));
    }
    for (const service of found) services.set(keyOf(service), service);
  }
  const pods = await podsBehind(kubernetes, [...services.values()], signal);
  const targets: SourceTarget[] = [];
  for (const service of distinctServices([...services.values()], pods)) {
    const port = portToAsk(service, wanted);
    if (port === null) continue;
    const found = targetsOf(service, port, pods.get(keyOf(service)));
    const asked = await mayAsk(kubernetes, found, signal);
    targets.push(...(asked ? found : [viaService(service, port)]));
  }
  return ok(targets);
};

const hintOf = ({ title }: WantedService): string =>
  `give the URL of the ${title} with --${title.toLowerCase()} or in the configuration, or ask for the right to list services in all namespaces`;

/** Nothing where endpoint slices may not be read: then each service counts as one. */
const podsBehind = async (
  kubernetes: Pick<KubernetesPort, 'get'>,
  services: readonly FoundService[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FoundPods>> => {
  if (services.length === 0) return new Map();
  const names = [...new Set(services.map(({ name }) => name))].slice(0, mostServices).join(',');
  const selector = encodeURIComponent(`kubernetes.io/service-name in (${names})`);
  const answer = await kubernetes.get(
    `/apis/discovery.k8s.io/v1/endpointslices?labelSelector=${selector}&limit=500`,
    signal,
  );
  return (answer.ok ? podsIn(answer.value) : null) ?? new Map();
};

/** False when pods may not be asked through the API server. Services may be, where roles are narrow. */
const mayAsk = async (
  kubernetes: Pick<KubernetesPort, 'get'>,
  [first]: readonly SourceTarget[],
  signal: AbortSignal,
): Promise<boolean> => {
  if (first?.way.kind !== 'pod-proxy') return true;
  const path = proxyPath(first.way);
  if (!path.ok) return false;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(refusesWithin)]);
  const answer = await kubernetes.get(`${path.value}/-/healthy`, soon);
  return answer.ok || answer.failure.kind !== 'forbidden';
};
