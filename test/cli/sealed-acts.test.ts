import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogue, isAbout } from '../../src/actions/catalogue.ts';
import { noSettings } from '../../src/actions/policy-settings.ts';
import { sealedActs } from '../../src/cli/sealed-acts.ts';
import type { ActSubject } from '../../src/kernel/act.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';
import { alertedEvening } from '../support/view-world.ts';

const object = (resource: string, namespace: string, name: string): ActSubject => ({
  kind: 'object',
  resource,
  namespace,
  name,
  uid: `uid-${namespace}-${name}`,
});

const subjects: Readonly<Record<string, ActSubject>> = {
  pods: object('pods', 'web', 'checkout-6c9f7d4b8-8xk2p'),
  nodes: object('nodes', '', 'worker-1'),
  deployments: object('deployments', 'web', 'checkout'),
  'etcd-members': { kind: 'etcd', cluster: 'payments', member: 'etcd-0' },
  alerts: { kind: 'alerts', cluster: '' },
  silences: { kind: 'alerts', cluster: '' },
};

/** Something sensible for every input that is asked for. */
const given: Readonly<Record<string, string>> = {
  replicas: '5',
  matchers: 'node="worker-7"',
  duration: '2h',
  comment: 'it is being replaced',
  silence: 's1',
  text: 'see INC-42',
  path: '/tmp/etcd.db',
};

const isLogs = (id: string): boolean => id === 'logs' || id === 'logs-previous';
/** Logs have a screen of their own. */
const guarded = catalogue.filter((a) => a.availability.kind === 'guarded' && !isLogs(a.id));

const replay = () => {
  const ended = new AbortController();
  const session = new SessionStore(newSession(placeOf('home')));
  const acts = sealedActs(
    {
      session,
      world: alertedEvening,
      clock: new FakeClock(now),
      production: () => true,
      settings: noSettings,
    },
    ended.signal,
  );
  return { session, acts, end: () => ended.abort() };
};

describe('actions in a recording', () => {
  const dialled = vi.fn();
  beforeEach(() => {
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
      dialled();
      throw new Error('a recording dials nobody');
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    dialled.mockClear();
  });

  it.each(['logs', 'logs-previous'])(
    'given %s, when they are asked for, then what would be asked is shown, and nothing of it leaves',
    async (id) => {
      const { session, acts, end } = replay();
      const subject = subjects.pods as ActSubject;
      expect(acts.begin({ action: id, subject, args: {}, origin: 'screen' })).toBeNull();
      await settle();
      const { logs } = session.get();
      expect(logs).toMatchObject({ reading: null, question: { kind: 'sealed' } });
      expect(logs?.question?.kind === 'sealed' && logs.question.why).toContain('a recording');
      expect(session.get().prompt).toBeNull();
      session.dispatch({ kind: 'back' });
      expect(session.get().logs).toBeNull();
      expect(dialled).not.toHaveBeenCalled();
      end();
    },
  );

  it.each(guarded.map((a) => [a.id, a] as const))(
    'given %s, when it is asked for, then what would be judged is shown, and nothing of it leaves or can be agreed to',
    async (id, action) => {
      const resource = Object.keys(subjects).find((r) => isAbout(action, r)) ?? 'pods';
      const subject = subjects[resource] as ActSubject;
      const inputs =
        action.availability.kind === 'guarded' ? action.availability.definition.inputs : [];
      const args = Object.fromEntries(inputs.map((i) => [i.name, given[i.name] ?? '']));
      const { session, acts, end } = replay();
      expect(acts.begin({ action: id, subject, args, origin: 'screen' })).toBeNull();
      await settle();
      const flow = session.get().act;
      expect(['asked', 'unplanned']).toContain(flow?.kind);
      expect(session.get().prompt).toBeNull();
      if (flow?.kind === 'asked') {
        expect(flow.sealed).toContain('This is a recording');
        const said = {
          name: flow.asked.plan.typed,
          reason: 'x'.repeat(50),
          approvedBy: 'bo',
          yes: true,
        };
        expect(acts.agree(flow.asked.act, said)).toContain('This is a recording');
        acts.approve(flow.asked.act, 'code');
        acts.abort(flow.asked.act);
        expect(flow.asked.facts.rights.size).toBe(
          new Set(flow.asked.plan.rights.map((r) => JSON.stringify(r))).size,
        );
        for (const right of flow.asked.facts.rights.values()) {
          expect(right).toEqual({ kind: 'unknown', why: 'not asked in a replay' });
        }
      }
      acts.leave();
      await settle();
      expect(session.get().act).toBeNull();
      expect(dialled).not.toHaveBeenCalled();
      end();
    },
  );

  it('given the glass, then it can be neither broken nor mended', () => {
    const { acts } = replay();
    expect(acts.breakGlass('etcd has no quorum', 'INC-1')).toContain('recording');
    expect(acts.mendGlass()).toContain('recording');
    expect(acts.status()).toEqual({ mode: 'read-only', glass: null });
  });

  it('given a wish, when it is looked at twice, then its plan is the same', async () => {
    const digests: string[] = [];
    for (const { session, acts } of [replay(), replay()]) {
      const subject = subjects.nodes as ActSubject;
      acts.begin({ action: 'cordon', subject, args: {}, origin: 'screen' });
      await settle();
      const flow = session.get().act;
      digests.push(flow?.kind === 'asked' ? flow.asked.plan.digest : '');
    }
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
  });
});
