import { describe, expect, it } from 'vitest';
import { IngestOrder } from '../../../src/adapters/kubernetes/ingest-order.ts';
import { milliseconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const start = (...resources: readonly string[]) => {
  const clock = new FakeClock();
  const order = new IngestOrder(clock, ['pods']);
  const begun: string[] = [];
  const stop = new AbortController();
  const places = new Map(
    resources.map((resource) => {
      const place = order.enter(resource);
      void place.turn(stop.signal).then(() => begun.push(resource));
      return [resource, place] as const;
    }),
  );
  return { clock, begun, settled: (resource: string) => places.get(resource)?.settled() };
};

describe('the order in which watches begin', () => {
  it('given all are asked for, when each wave has settled, then the next begins', async () => {
    const { begun, settled } = start('events', 'services', 'nodes', 'pods');
    await settle();
    expect(begun).toEqual(['pods']);
    settled('pods');
    await settle();
    expect(begun).toEqual(['pods', 'nodes']);
    settled('nodes');
    await settle();
    expect(begun).toEqual(['pods', 'nodes', 'services']);
    settled('services');
    await settle();
    expect(begun).toEqual(['pods', 'nodes', 'services', 'events']);
  });

  it('given a wave that never settles, when two seconds pass, then all have begun', async () => {
    const { begun, clock } = start('events', 'services', 'nodes', 'pods');
    await clock.advance(milliseconds(2000));
    expect(begun).toEqual(['pods', 'nodes', 'services', 'events']);
  });

  it('given nothing comes before it, when it is asked for, then it begins at once', async () => {
    const { begun } = start('events');
    await settle();
    expect(begun).toEqual(['events']);
  });
});
