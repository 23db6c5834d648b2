import { systemClock } from '../../src/adapters/clock.ts';
import type { SourcePort } from '../../src/kernel/ports.ts';
import type { AnyProbe } from '../../src/kernel/probe.ts';
import { revision } from '../../src/kernel/units.ts';
import { emptyWorld, foldWorld, type World } from '../../src/kernel/world.ts';

/** The world as one probe makes it of what a real source tells, until it is stopped. */
export const watchedWorld = <Data>(probe: unknown, source: SourcePort<Data>) => {
  const own = probe as AnyProbe;
  const probes = new Map([[own.id, own]]);
  const stop = new AbortController();
  let world: World = emptyWorld;
  const ended = source.watch((signals) => {
    const at = systemClock.now();
    world = foldWorld(
      probes,
      world,
      signals.map((signal, i) => ({
        rev: revision(world.rev + i + 1),
        at,
        fact: { ...signal, probe: own.id },
      })) as Parameters<typeof foldWorld>[2],
    );
  }, stop.signal);
  return {
    world: (): World => world,
    stop: async (): Promise<void> => {
      stop.abort();
      await ended;
    },
  };
};
