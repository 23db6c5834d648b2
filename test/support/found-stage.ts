import { requestText } from '../../src/actions/request-text.ts';
import type { SavedFile } from '../../src/adapters/effects/saved-file.ts';
import type { Found } from '../../src/cli/found.ts';
import { type FoundNowDeps, foundNow } from '../../src/cli/found-now.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';
import type { ToldAct } from '../../src/kernel/act-fact.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';

const never = new AbortController().signal;
export const refused = failed(failure('unreachable', 'ask', 'connection refused'));
/** Members of the cluster. */
export const [one, two] = ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'] as const;
/** When it was asked for; it is looked at an hour later. */
export const start = Date.parse('2026-11-23T08:00:00Z');
export const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

/** Nobody answers but who is given. */
export const deps = (
  more: Partial<FoundNowDeps['looks']> = {},
  file: SavedFile = { kind: 'none' },
): FoundNowDeps => ({
  read: async () => refused,
  world: () => emptyWorld,
  looks: {
    silences: async () => refused,
    etcdStatus: async () => refused,
    etcdCompaction: async () => refused,
    ...more,
  },
  file: async () => ok(file),
  alertmanagers: () => ['a', 'b'],
  endpoints: () => [one, two],
  now: () => epochMs(start + 3_600_000),
});

export const look = (
  with_: FoundNowDeps,
  requests: readonly EffectRequest[],
  more: Partial<ToldAct<'asked'>> = {},
): Promise<Found> =>
  foundNow(with_)(
    {
      kind: 'asked',
      effect: 'write',
      subject: { kind: 'etcd', cluster: 'main', member: '' },
      requests: requests.map(requestText),
      ...more,
    } as ToldAct<'asked'>,
    never,
  );

export const told = (text: string): Found => ({ kind: 'told', text });
export const laterOn: Found = { kind: 'later', why: 'connection refused' };
