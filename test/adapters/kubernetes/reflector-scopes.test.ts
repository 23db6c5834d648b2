import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterInfo } from '../../../src/adapters/kubernetes/api-client.ts';
import { reflectKind } from '../../../src/adapters/kubernetes/reflector-scopes.ts';
import { kindSource } from '../../../src/adapters/kubernetes/reflector-source.ts';
import { minutes } from '../../../src/kernel/units.ts';
import { podKind } from '../../../src/probes/pods.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { Seen } from '../../support/live-kubernetes.ts';
import { answer, ScriptedClient, statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

/** Pods of some namespaces, and who may see what of it. */
class Server {
  readonly collections = new Map<string, ScriptedCollection>();
  readonly allowed = new Set<string>();
  mayListNamespaces = true;
  mayListAll = false;

  add(namespace: string, ...pods: readonly string[]): void {
    const collection = new ScriptedCollection();
    collection.namespace = namespace;
    for (const pod of pods) collection.put(pod);
    this.collections.set(namespace, collection);
  }

  readonly script: ScriptedClient['script'] = (request) => {
    const [, namespace] = /namespaces\/([^/]+)\/pods$/.exec(request.path) ?? [];
    if (request.path === '/api/v1/namespaces') {
      if (!this.mayListNamespaces) return statusAnswer(403, 'namespaces is forbidden');
      const items = [...this.collections.keys()].map((name) => ({ metadata: { name } }));
      return answer(200, JSON.stringify({ metadata: {}, items }));
    }
    if (namespace !== undefined) {
      const collection = this.collections.get(namespace);
      return this.allowed.has(namespace) && collection !== undefined
        ? collection.serve(request)
        : statusAnswer(403, `pods is forbidden in ${namespace}`);
    }
    if (!this.mayListAll) return statusAnswer(403, 'pods is forbidden at the cluster scope');
    const everything = new ScriptedCollection();
    for (const [name, collection] of this.collections) {
      everything.namespace = name;
      for (const pod of Object.keys(collection.world)) everything.put(pod);
    }
    return everything.serve(request);
  };
}

const start = async (server: Server, info: Partial<ClusterInfo> = {}) => {
  const client = new ScriptedClient(server.script);
  const clock = new FakeClock();
  const seen = new Seen();
  const end = new AbortController();
  const done = reflectKind(
    { client, clock, random: () => 0.5 },
    {
      title: 'pods',
      namespaced: true,
      info: { namespace: 'default', namespaceOnly: false, ...info },
      source: (namespace) => kindSource(podKind, namespace, ['json']),
    },
    seen.emit,
    end.signal,
  );
  stop = async () => {
    end.abort();
    await done;
  };
  await settle(30);
  return { client, clock, seen };
};

const shop = (): Server => {
  const server = new Server();
  server.add('default');
  server.add('shop', 'a', 'b');
  server.add('web', 'c');
  server.allowed.add('shop');
  return server;
};

describe('where not everything may be seen', () => {
  it('given some namespaces are allowed, when it starts, then each has a scope of its own and all are told', async () => {
    const { seen } = await start(shop());
    expect([...seen.words].sort()).toEqual([
      'failed default: forbidden',
      'failed web: forbidden',
      'synced shop',
    ]);
    expect(seen.keys).toEqual(['shop/a', 'shop/b']);
  });

  it("given namespaces may not be listed, when it starts, then the context's namespace is read alone", async () => {
    const server = shop();
    server.mayListNamespaces = false;
    const { seen } = await start(server, { namespace: 'shop' });
    expect(seen.words).toEqual(['synced shop']);
  });

  it('given one namespace was asked for, when it starts, then no other is tried', async () => {
    const { seen, client } = await start(shop(), { namespace: 'shop', namespaceOnly: true });
    expect(seen.words).toEqual(['synced shop']);
    expect(client.requests.map(({ path }) => path)).toEqual(['/api/v1/namespaces/shop/pods']);
  });

  it('given a namespace is allowed later, when minutes pass, then it is read', async () => {
    const server = shop();
    const { seen, clock } = await start(server);
    server.allowed.add('web');
    await clock.advance(minutes(11));
    expect(seen.keys).toContain('web/c');
  });

  it('given namespaces come and go, when minutes pass, then so do their pods, and the one that went is not stale', async () => {
    const server = shop();
    const { seen, clock } = await start(server);
    server.collections.delete('shop');
    server.add('new', 'n');
    server.allowed.add('new');
    await clock.advance(minutes(11));
    expect(seen.keys).toEqual(['new/n']);
    expect(seen.words).toContain('synced new');
    expect(seen.words.filter((word) => word.endsWith('shop')).at(-1)).toMatch(
      /^(synced|heard) shop$/,
    );
  });

  it('given everything is allowed later, when minutes pass, then one watch replaces the many and their scopes stay fresh', async () => {
    const server = shop();
    const { seen, client, clock } = await start(server);
    server.mayListAll = true;
    await clock.advance(minutes(11));
    expect(seen.keys).toEqual(['shop/a', 'shop/b', 'web/c']);
    expect(seen.synced).toEqual(new Set(['', 'shop', 'web', 'default']));
    const asked = client.requests.length;
    await clock.advance(minutes(5));
    const after = client.requests.slice(asked).map(({ path }) => path);
    expect(new Set(after)).toEqual(new Set(['/api/v1/pods']));
  });
});
