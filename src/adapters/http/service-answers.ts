import { plainText } from '../../kernel/text.ts';

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** Says https itself, or is named so. */
  readonly secure: boolean;
}

export interface FoundService {
  readonly namespace: string;
  readonly name: string;
  readonly headless: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
}

/** Pods behind a service, and the numbers of its ports there. */
export interface FoundPods {
  readonly pods: readonly string[];
  /** By name of the service's port. */
  readonly ports: ReadonlyMap<string, number>;
}

type Members = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? plainText(value) : '');

const itemsIn = (json: string): readonly unknown[] | null => {
  try {
    return listOf(membersOf(JSON.parse(json)).items);
  } catch {
    return null;
  }
};

const portOf = (raw: unknown): ServicePort | null => {
  const { name, port, protocol, appProtocol } = membersOf(raw);
  if (typeof port !== 'number' || (protocol !== undefined && protocol !== 'TCP')) return null;
  const secure = /https/.test(text(name)) || /https/.test(text(appProtocol));
  return { name: text(name), port, secure };
};

/** Services in a list of the API server that lead to pods. Null when it cannot be read. */
export const servicesIn = (json: string): readonly FoundService[] | null => {
  const items = itemsIn(json);
  return (
    items?.flatMap((item) => {
      const { metadata, spec } = membersOf(item);
      const { name, namespace } = membersOf(metadata);
      const { clusterIP, type, selector, ports } = membersOf(spec);
      if (text(name) === '' || text(namespace) === '' || type === 'ExternalName') return [];
      const chosen = Object.entries(membersOf(selector)).map(([key, v]) => [key, text(v)] as const);
      return [
        {
          namespace: text(namespace),
          name: text(name),
          headless: clusterIP === 'None',
          selector: Object.fromEntries(chosen),
          ports: listOf(ports).flatMap((port) => portOf(port) ?? []),
        },
      ];
    }) ?? null
  );
};

/** Pods by `namespace/service` in a list of endpoint slices; those that end are left out. Null when it cannot be read. */
export const podsIn = (json: string): ReadonlyMap<string, FoundPods> | null => {
  const items = itemsIn(json);
  if (items === null) return null;
  const found = new Map<string, FoundPods>();
  for (const item of items) {
    const { metadata, endpoints, ports } = membersOf(item);
    const { namespace, labels } = membersOf(metadata);
    const key = `${text(namespace)}/${text(membersOf(labels)['kubernetes.io/service-name'])}`;
    const before = found.get(key);
    const pods = listOf(endpoints).flatMap((endpoint) => {
      const { targetRef, conditions } = membersOf(endpoint);
      const { kind, name } = membersOf(targetRef);
      return kind === 'Pod' && membersOf(conditions).terminating !== true ? [text(name)] : [];
    });
    const numbers = listOf(ports).flatMap((port) => {
      const { name, port: number } = membersOf(port);
      return typeof number === 'number' ? [[text(name), number] as const] : [];
    });
    found.set(key, {
      // A pod with two addresses is in two slices.
      pods: [...new Set([...(before?.pods ?? []), ...pods])].sort(),
      ports: new Map([...(before?.ports ?? []), ...numbers]),
    });
  }
  return found;
};
