import { z } from 'zod';
import { everywhere, probeId, type Signal } from '../kernel/fact.ts';
import type { LinkBeat } from '../kernel/ports.ts';
import type { Change, Observed, Probe } from '../kernel/probe.ts';
import { type EpochMs, type Milliseconds, milliseconds, seconds, since } from '../kernel/units.ts';

/** What is known about the connection to the API server. */
export interface LinkState {
  /** `connecting` until the first answer; `unhealthy` after two missed heartbeats in a row. */
  readonly state: 'connecting' | 'healthy' | 'unhealthy';
  /** When `state` became what it is; null before the first beat. */
  readonly since: EpochMs | null;
  /** Null before the first answer. */
  readonly roundTrip: { readonly smoothed: Milliseconds; readonly last: Milliseconds } | null;
  readonly lastAnswer: EpochMs | null;
  /** Heartbeats missed in a row. */
  readonly missed: number;
  /** Why the last one was missed; '' when it was answered. */
  readonly why: string;
  /** Connections thrown away since the beginning. */
  readonly redials: number;
  /** The server's clock minus ours, within about a second; null when the server does not say. */
  readonly serverSkew: Milliseconds | null;
}

const missesUntilUnhealthy = 2;
/** Weight of the newest round trip: about the last five beats count. */
const newest = 0.3;
const text = z.string().max(1000);
const ms = z.number().nonnegative();

const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    roundTrip: ms,
    status: z.number().int(),
    serverTime: z.number().nullable(),
  }),
  z.object({ kind: z.literal('missed'), inARow: z.number().int().positive(), why: text }),
  z.object({ kind: z.literal('redialled'), why: text }),
]) as unknown as z.ZodType<LinkBeat>;

const empty: LinkState = {
  state: 'connecting',
  since: null,
  roundTrip: null,
  lastAnswer: null,
  missed: 0,
  why: '',
  redials: 0,
  serverSkew: null,
};

/** `8s 2m10s 3h05m` */
export const outageText = (lasted: Milliseconds): string => {
  const s = Math.round(lasted / 1000);
  if (s < 60) return `${s}s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`;
  return `${Math.floor(s / 3600)}h${two(Math.floor(s / 60) % 60)}m`;
};

type Answered = Extract<LinkBeat, { kind: 'answered' }>;

// The Date header has whole seconds and was written half a round trip ago.
const skewOf = ({ serverTime, roundTrip }: Answered, at: EpochMs): Milliseconds | null =>
  serverTime === null ? null : milliseconds(Math.round(serverTime + 500 - (at - roundTrip / 2)));

const smooth = (was: LinkState['roundTrip'], last: Milliseconds): LinkState['roundTrip'] => ({
  last,
  smoothed: milliseconds(
    was === null ? last : Math.round((was.smoothed + newest * (last - was.smoothed)) * 10) / 10,
  ),
});

const step = (was: LinkState, { at, data }: Observed<LinkBeat>): LinkState => {
  switch (data.kind) {
    case 'redialled':
      return { ...was, redials: was.redials + 1 };
    case 'missed': {
      const lost = data.inARow >= missesUntilUnhealthy && was.state !== 'unhealthy';
      return {
        ...was,
        missed: data.inARow,
        why: data.why,
        ...(lost ? { state: 'unhealthy', since: at } : {}),
      };
    }
    case 'answered':
      return {
        ...was,
        state: 'healthy',
        since: was.state === 'healthy' ? was.since : at,
        roundTrip: smooth(was.roundTrip, data.roundTrip),
        lastAnswer: at,
        missed: 0,
        why: '',
        serverSkew: skewOf(data, at),
      };
  }
};

const turned = (
  was: LinkState,
  now: LinkState,
  at: EpochMs,
): Pick<Change, 'tone' | 'text'> | null => {
  if (now.state === was.state) return null;
  if (now.state === 'unhealthy') {
    const what = now.lastAnswer === null ? 'API link cannot be made' : 'API link lost';
    return { tone: 'bad', text: `${what}: ${now.why}` };
  }
  if (was.state !== 'unhealthy') return null;
  const from = was.lastAnswer ?? was.since ?? at;
  return { tone: 'good', text: `API link back after ${outageText(since(from, at))}` };
};

/** The connection to the API server: whether it lives, how far away the server is, and how wrong the clocks are. */
export const link: Probe<LinkBeat, LinkState> = {
  id: probeId('link'),
  title: 'API link',
  patience: seconds(45),
  schema,
  empty,
  fold: (state, batch) => {
    let now = state;
    const changes: Change[] = [];
    for (const observed of batch) {
      const next = step(now, observed);
      const change = turned(now, next, observed.at);
      if (change !== null) {
        changes.push({ rev: observed.rev, at: observed.at, probe: link.id, key: '', ...change });
      }
      now = next;
    }
    return { state: now, changes };
  },
  save: (state) => state,
  load: (saved) => saved as LinkState,
  observe: async ({ kubernetes }, emit, signal) => {
    let synced = false;
    await kubernetes.link((data) => {
      const signals: Signal<LinkBeat>[] = [{ kind: 'observed', scope: everywhere, data }];
      if (!synced) signals.push({ kind: 'synced', scope: everywhere });
      synced = true;
      emit(signals);
    }, signal);
  },
};
