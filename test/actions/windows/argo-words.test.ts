import { describe, expect, it } from 'vitest';
import {
  type ArgoApplication,
  type ArgoProject,
  argoWords,
} from '../../../src/actions/windows/argo-words.ts';
import { canSync, nextSyncChange } from '../../../src/actions/windows/can-sync.ts';
import type { SyncWindow } from '../../../src/actions/windows/sync-window.ts';
import { epochMs } from '../../../src/kernel/units.ts';

const at = (text: string) => epochMs(Date.parse(text));
const noon = at('2026-11-23T12:00:00Z');

const window = (more: Partial<SyncWindow>): SyncWindow => ({
  kind: 'allow',
  schedule: '0 9 * * *',
  duration: '8h',
  timeZone: '',
  applications: ['*'],
  namespaces: [],
  clusters: [],
  andOperator: false,
  manualSync: false,
  syncOverrun: false,
  description: '',
  ...more,
});

const app = (more: Partial<ArgoApplication> = {}): ArgoApplication => ({
  name: 'cart',
  namespace: 'argocd',
  project: 'shop',
  controllerNamespace: 'argocd',
  target: { name: 'cart', namespace: 'shop', server: '', clusterName: 'in-cluster' },
  resources: [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'cart' }],
  ...more,
});

const project = (windows: readonly SyncWindow[], more: Partial<ArgoProject> = {}): ArgoProject => ({
  name: 'shop',
  namespace: 'argocd',
  windows,
  ...more,
});

const pod = { group: '', kind: 'Pod', namespace: 'shop', name: 'cart-0' };
const freeze = window({
  kind: 'deny',
  schedule: '0 10 * * *',
  duration: '4h',
  description: 'freeze',
});

describe('words of Argo CD', () => {
  it('given a pod in the namespace of an application, when its project has a deny window, then it is closed, with rule and end', () => {
    const [word, ...more] = argoWords([app()], [project([freeze])], pod, noon);
    expect(more).toEqual([]);
    expect(word).toEqual({
      source: 'AppProject argocd/shop',
      allowed: false,
      why: 'cart may not be synced: deny window freeze ("0 10 * * *" for 4h) is open (rule b)',
      changesAt: at('2026-11-23T14:00:00Z'),
    });
  });

  it('given a deny window with manualSync, when something is changed by hand, then it may be', () => {
    const words = argoWords([app()], [project([{ ...freeze, manualSync: true }])], pod, noon);
    expect(words[0]?.allowed).toBe(true);
    expect(words[0]?.why).toContain('only by hand');
  });

  it('given a node that an application lists, when it is asked about, then by its name, not by a namespace', () => {
    const node = { group: '', kind: 'Node', namespace: '', name: 'worker-1' };
    const keeps = app({ resources: [node] });
    expect(argoWords([keeps], [project([freeze])], node, noon)).toHaveLength(1);
    expect(argoWords([app()], [project([freeze])], node, noon)).toEqual([]);
  });

  it.each([
    [
      'of another namespace',
      [app({ target: { ...app().target, namespace: 'web' }, resources: [] })],
    ],
    ['none', []],
  ])('given applications %s, when a pod is asked about, then there is no word', (_, apps) => {
    expect(argoWords(apps, [project([freeze])], pod, noon)).toEqual([]);
  });

  it('given an application without a project that is there, when it is asked about, then it is closed', () => {
    expect(argoWords([app()], [], pod, noon)[0]).toMatchObject({ allowed: false });
  });

  it('given projects of one name in two places, when one is beside the controller, then that one counts', () => {
    const other = project([window({ schedule: 'broken' })], { namespace: 'elsewhere' });
    expect(argoWords([app()], [other, project([])], pod, noon)).toEqual([]);
    expect(argoWords([app({ controllerNamespace: 'x' })], [other], pod, noon)[0]?.allowed).toBe(
      false,
    );
  });

  it('given many applications, when one is closed, then it comes first', () => {
    const many = Array.from({ length: 50 }, (_, i) => app({ name: `a${i}` }));
    const named = many.map((a) => ({ ...a, target: { ...a.target, name: a.name } }));
    const only = { ...freeze, applications: ['a49'] };
    const open = window({ applications: ['*'] });
    const words = argoWords(named, [project([open, only])], pod, noon);
    expect(words).toHaveLength(20);
    expect(words[0]).toMatchObject({ allowed: false });
    expect(words[0]?.why).toContain('a49');
  });
});

describe('rules of Argo CD beyond the recorded cases', () => {
  it('given syncOverrun on all that closes, when a sync runs, then it may go on', () => {
    const instant = BigInt(noon) * 1_000_000n;
    expect(canSync([{ ...freeze, syncOverrun: true }], instant, noon).overrun).toBe(true);
    expect(canSync([{ ...freeze, syncOverrun: true }, freeze], instant, noon).overrun).toBe(false);
    const closed = window({ schedule: '0 1 * * *', duration: '1h', syncOverrun: true });
    expect(canSync([closed], instant, noon)).toMatchObject({ rule: 'd', overrun: true });
  });

  it.each(['allow', 'deny'])(
    'given an %s window that never comes, when it is asked, then it is closed',
    (kind) => {
      const never = window({ kind, schedule: '0 0 30 2 *' });
      const verdict = canSync([never], BigInt(noon) * 1_000_000n, noon);
      expect(verdict).toMatchObject({ rule: 'error', manual: false, automatic: false });
    },
  );

  it.each([
    [
      'back to back, the meeting instant does not count',
      [window({ kind: 'deny', schedule: '0 * * * *', duration: '1h' })],
      null,
    ],
    [
      'to the next opening',
      [window({ schedule: '0 20 * * *', duration: '1h' })],
      '2026-11-23T20:00:00.000Z',
    ],
    [
      'with the rules of its zone after a change of clocks',
      [window({ schedule: '0 9 29 3 *', duration: '1h', timeZone: 'Europe/Madrid' })],
      '2027-03-29T07:00:00.000Z',
    ],
    [
      'an allow window under a deny window',
      [
        window({ schedule: '0 13 * * *', duration: '4h' }),
        window({ kind: 'deny', schedule: '0 12 * * *', duration: '2h' }),
      ],
      '2026-11-23T14:00:00.000Z',
    ],
    ['a window that cannot be read', [window({ schedule: 'soon' })], null],
    ['none', [], null],
  ] as const)(
    'given windows %s, when the next change is computed, then it is right',
    (_, windows, next) => {
      const change = nextSyncChange(windows, noon);
      expect(change === null ? null : new Date(change).toISOString()).toBe(next);
    },
  );
});
