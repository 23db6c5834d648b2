import type { AnyProbe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, seconds } from '../kernel/units.ts';
import { sliceFreshness, sliceOf, type World } from '../kernel/world.ts';
import type { LinkState } from '../probes/link.ts';

/** How far the evidence of one slice carries. `unknown`: there is none, and why. */
export type Trust =
  | { readonly kind: 'fresh'; readonly heard: EpochMs }
  | { readonly kind: 'stale'; readonly heard: EpochMs; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly loading: boolean };

/**
 * A watch that reconnects is behind for a second or two, every few minutes. What was complete a moment ago is not
 * called old for that; a source that says it cannot be read is, at once.
 */
const gapAllowed = seconds(10);

export const trustOf = (world: World, probe: AnyProbe, now: EpochMs): Trust => {
  const f = sliceFreshness(sliceOf(world, probe), probe, now);
  switch (f.kind) {
    case 'fresh':
      return { kind: 'fresh', heard: f.heard };
    case 'never':
      return { kind: 'unknown', why: 'not read yet', loading: true };
    case 'stale':
      if (f.heard === null) return { kind: 'unknown', why: f.why, loading: true };
      // `since` is when the gap opened, or, after mere silence, when it was last heard.
      return now - f.since < gapAllowed
        ? { kind: 'fresh', heard: f.heard }
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
