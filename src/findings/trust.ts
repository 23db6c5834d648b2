import type { AnyProbe } from '../kernel/probe.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { sliceFreshness, sliceOf, type World } from '../kernel/world.ts';
import type { LinkState } from '../probes/link.ts';

/** How far the evidence of one slice carries. `unknown`: there is none, and why. */
export type Trust =
  | { readonly kind: 'fresh'; readonly heard: EpochMs }
  | { readonly kind: 'stale'; readonly heard: EpochMs; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly loading: boolean };

export const trustOf = (world: World, probe: AnyProbe, now: EpochMs): Trust => {
  const f = sliceFreshness(sliceOf(world, probe), probe, now);
  switch (f.kind) {
    case 'fresh':
      return { kind: 'fresh', heard: f.heard };
    case 'never':
      return { kind: 'unknown', why: 'not read yet', loading: true };
    case 'stale':
      return f.heard === null
        ? { kind: 'unknown', why: f.why, loading: true }
        : { kind: 'stale', heard: f.heard, why: f.why };
    case 'failing': {
      const { kind, message } = f.failure;
      // What may not be read any more is not merely old: nobody is going to renew it.
      if (kind === 'forbidden') return { kind: 'unknown', why: 'forbidden', loading: false };
      if (kind === 'unauthorized') return { kind: 'unknown', why: 'not logged in', loading: false };
      return f.heard === null
        ? { kind: 'unknown', why: message, loading: false }
        : { kind: 'stale', heard: f.heard, why: message };
    }
  }
};

export const heardOf = (trust: Trust): EpochMs | null =>
  trust.kind === 'unknown' ? null : trust.heard;

/** While the server does not answer, what it said before is old, however short the silence. */
export const cutOff = (trust: Trust, link: LinkState): Trust =>
  trust.kind !== 'fresh' || link.state !== 'unhealthy'
    ? trust
    : {
        kind: 'stale',
        heard: epochMs(Math.min(trust.heard, link.lastAnswer ?? trust.heard)),
        why: link.why,
      };
