import { afterEach, expect, it } from 'vitest';
import { requestText } from '../../../src/actions/request-text.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { type OpenedEffects, openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { savedFile } from '../../../src/adapters/effects/saved-file.ts';
import type { Found } from '../../../src/cli/found.ts';
import { foundNow } from '../../../src/cli/found-now.ts';
import type { ActSubject, EffectRequest } from '../../../src/kernel/act.ts';
import type { ToldAct } from '../../../src/kernel/act-fact.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls, type SourceSettings } from '../../../src/kernel/source-target.ts';
import { emptyWorld } from '../../../src/kernel/world.ts';
import { until } from '../../support/until.ts';
import { describeWithEtcd } from '../etcd-cluster-support.ts';
import { describeWithMonitoring } from '../monitoring/support.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What can be sent, and what is found of it later, of servers that are named; there is no API server. */
const lookingAt = (named: Partial<Pick<SourceSettings, 'etcd' | 'alertmanagers'>>) => {
  const stop = new AbortController();
  ends.push(() => stop.abort());
  const settings = { etcd: [], alertmanagers: [], discover: false, etcdTls: noTls, ...named };
  const effects: OpenedEffects = openEffects(
    {
      flags: { kubeconfig: '/nonexistent' },
      env: {},
      clock: systemClock,
      version: 'test',
      settings,
      mode: () => 'guarded',
    },
    stop.signal,
  );
  const found = foundNow({
    read: async () => failed(failure('unreachable', 'get', 'there is no API server')),
    world: () => emptyWorld,
    looks: effects.looks,
    file: savedFile,
    alertmanagers: () => settings.alertmanagers.map(({ name }) => name),
    endpoints: (cluster) => settings.etcd.find((e) => e.name === cluster)?.endpoints ?? [],
    now: () => systemClock.now(),
  });
  const look = async (
    subject: ActSubject,
    ...requests: readonly EffectRequest[]
  ): Promise<string> => {
    const asked = { kind: 'asked', effect: 'write', subject } as ToldAct<'asked'>;
    const now: Found = await found({ ...asked, requests: requests.map(requestText) }, stop.signal);
    return now.kind === 'told' ? now.text : `later: ${now.why}`;
  };
  return {
    ports: effects.ports,
    signal: stop.signal,
    look,
    /** Members come to it one after the other. */
    comes: async (words: string, ...rest: Parameters<typeof look>): Promise<void> => {
      let said = '';
      const isSaid = async (): Promise<boolean> => {
        said = await look(...rest);
        return said === words;
      };
      await until(words, isSaid, 60_000).catch(() => expect(said).toBe(words));
    },
  };
};

describeWithEtcd('what came of something that etcd was told', { quotaBytes: 16 << 20 }, (etcd) => {
  const subject: ActSubject = { kind: 'etcd', cluster: 'payments', member: '' };
  const looking = () => {
    const { endpoints, credentials } = etcd();
    const tls = { ...noTls, ...credentials };
    return lookingAt({ etcd: [{ name: 'payments', endpoints: [...endpoints], tls }] });
  };
  const tell = (
    path: string,
    body: object,
    member = 0,
  ): Extract<EffectRequest, { kind: 'etcd' }> => ({
    kind: 'etcd',
    cluster: 'payments',
    endpoint: etcd().endpoints[member] ?? '',
    path,
    body: JSON.stringify(body),
  });

  it('given a compaction, then its metric tells before and after, also where the member that was told is dead', async () => {
    const { look, comes, ports, signal } = looking();
    for (let i = 0; i < 10; i++) await etcd().put('k', `${i}`);
    const revision = String(Number((await etcd().status(0)).header.revision) - 2);
    const compact = tell('/v3/kv/compaction', { revision, physical: true });
    expect(await look(subject, compact)).toMatch(
      new RegExp(
        `^history is compacted to revision \\d+ only, not to ${revision} as it was asked for$`,
      ),
    );
    expect(await ports.etcd(compact, signal)).toMatchObject({ ok: true, value: { status: 200 } });
    const done = `history before revision ${revision} is gone, as it was asked for, up to ${revision}`;
    await comes(done, subject, compact);
    await etcd().kill(0);
    await comes(done, subject, compact);
    await etcd().start(0);
  });

  it('given leadership that is to move, then the member that leads is told before and after', async () => {
    const { comes } = looking();
    const leader = (await etcd().leader()) ?? 0;
    const next = leader === 0 ? 1 : 0;
    const [from, to] = [etcd().memberIds[leader], etcd().memberIds[next]];
    const move = tell('/v3/maintenance/transfer-leadership', { targetID: to }, leader);
    await comes(`member ${from} leads now, not ${to} as it was asked for`, subject, move);
    await etcd().moveLeader(next);
    await comes(`member ${to} leads now, as it was asked for`, subject, move);
  });

  it('given members that were to be defragmented, then their sizes, and that it cannot be known', async () => {
    const turns = [0, 1].map((n) => tell('/v3/maintenance/defragment', {}, n));
    expect(await looking().look(subject, ...turns)).toMatch(
      /^127\.0\.0\.1:\d+ has .* on disk, .* in use; 127\.0\.0\.1:\d+ has .*; whether it was defragmented cannot be known/,
    );
  });

  it('given alarms that are to be taken back, then whether they are raised is told before and after', async () => {
    const { comes } = looking();
    await etcd().fillUntilNoSpace();
    const [raised] = await etcd().alarms();
    const disarm = tell('/v3/maintenance/alarm', { action: 'DEACTIVATE', ...raised });
    const of = `${raised?.alarm} of member ${raised?.memberID}`;
    await comes(`${of} is raised, not as it was asked for`, subject, disarm);
    await etcd().compactAndDefrag();
    await etcd().disarm();
    await comes(`${of} is not raised, as it was asked for`, subject, disarm);
  });
});

describeWithMonitoring('what came of a silence that an Alertmanager was told', (monitoring) => {
  const subject: ActSubject = { kind: 'alerts', cluster: '' };
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

  /** Its plan was made a while before somebody agreed to it. */
  const silencing = (source: string): Extract<EffectRequest, { kind: 'alertmanager' }> => ({
    kind: 'alertmanager',
    cluster: source,
    sources: [source],
    method: 'POST',
    path: '/api/v2/silences',
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
      startsAt: at(-90),
      endsAt: at(3600),
      createdBy: 'ana',
      comment: 'known, INC-7',
    }),
  });

  it('given one that is made and ended, then it is found by what was asked for, and not before', async () => {
    const { url } = await monitoring().alertmanager();
    const target = {
      name: 'am',
      way: { kind: 'direct', url },
      auth: { kind: 'none' },
      tls: noTls,
    } as const;
    const { look, ports, signal } = lookingAt({ alertmanagers: [target] });
    const told = { kind: 'alertmanager', cluster: 'am', sources: ['am'] } as const;
    const create = silencing('am');
    expect(await look(subject, create)).toMatch(/^am has no such silence/);
    expect(await ports.alertmanager(create, signal)).toMatchObject({ value: { status: 200 } });
    const made = await look(subject, create);
    const id = /silence ([0-9a-f-]{36}) \(active until /.exec(made)?.[1] ?? '';
    expect(made).toMatch(/^am has it, as it was asked for: silence /);
    const end: EffectRequest = {
      ...told,
      method: 'DELETE',
      path: `/api/v2/silence/${id}`,
      body: '',
    };
    expect(await look(subject, end)).toMatch(/: active until .*, not as it was asked for$/);
    expect(await ports.alertmanager(end, signal)).toMatchObject({ value: { status: 200 } });
    expect(await look(subject, end)).toMatch(/: ended at .*, as it was asked for$/);
    expect(await look(subject, create)).toContain(`silence ${id} (ended at `);
  });

  it('given a pair of which the one that was told is dead, then the other tells it', async () => {
    const pair = await monitoring().alertmanagerPair();
    await pair.joined();
    const [a, b] = pair.members.map(
      ({ url }, n) =>
        ({
          name: `am-${n}`,
          way: { kind: 'direct', url },
          auth: { kind: 'none' },
          tls: noTls,
        }) as const,
    );
    if (a === undefined || b === undefined) throw new Error('there is no pair');
    const { look, comes, ports, signal } = lookingAt({ alertmanagers: [a, b] });
    const create = silencing('am-0');
    expect(await ports.alertmanager(create, signal)).toMatchObject({ value: { status: 200 } });
    const words = await look(subject, create);
    await comes(words.replace('am-0', 'am-1'), subject, { ...create, sources: ['am-1'] });
    await pair.members[0].kill();
    expect(await look(subject, create)).toBe(words.replace('am-0', 'am-1'));
  });

  it('given one that is dead, then it is left for later; given one that nobody knows, then it cannot be known', async () => {
    const one = await monitoring().alertmanager();
    const target = {
      name: 'am',
      way: { kind: 'direct', url: one.url },
      auth: { kind: 'none' },
      tls: noTls,
    } as const;
    const { look } = lookingAt({ alertmanagers: [target] });
    const end = (source: string): EffectRequest => ({
      kind: 'alertmanager',
      cluster: source,
      sources: [source],
      method: 'DELETE',
      path: '/api/v2/silence/0b1c8f6e-7d15-4c43-9d39-4d1f2f4a8f11',
      body: '',
    });
    expect(await look(subject, end('am'))).toMatch(/^am knows of no silence 0b1c8f6e.* any more$/);
    await one.kill();
    expect(await look(subject, end('am'))).toMatch(/^later: /);
    expect(await look(subject, end('other'))).toBe(
      'what came of it cannot be known: no way to it is known',
    );
  });
});
