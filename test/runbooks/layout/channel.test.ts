import { describe, expect, it } from 'vitest';
import { routeChannel, type Wire } from '../../../src/runbooks/layout/channel.ts';

const wire = (
  edge: number,
  from: number,
  to: number,
  ends: readonly [object, object] = [{}, {}],
): Wire => ({
  edge,
  from,
  to,
  ends,
});

describe('routing a channel', () => {
  it('given lines that run straight, when they are routed, then no track is used', () => {
    expect(routeChannel([wire(0, 3, 3), wire(1, 9, 9)], new Set(), 1).tracks).toBe(0);
  });

  it('given lines that part at one end, when they are routed, then they share a track', () => {
    const pin = {};
    const { routes, tracks } = routeChannel(
      [wire(0, 5, 0, [pin, {}]), wire(1, 5, 10, [pin, {}])],
      new Set(),
      1,
    );
    expect(tracks).toBe(1);
    expect(new Set(routes.map((route) => route.net)).size).toBe(1);
  });

  it('given one line above the other in a column, when they are routed, then the upper leads', () => {
    const { routes } = routeChannel([wire(0, 9, 4), wire(1, 4, 0)], new Set(), 1);
    // At column 4, line 1 comes in and line 0 goes out: line 1 has to leave first.
    expect(routes[1]?.track).toBeLessThan(routes[0]?.track ?? 0);
  });

  it('given two lines that change places, when they are routed, then one turns at a free column', () => {
    const { routes } = routeChannel([wire(0, 2, 8), wire(1, 8, 2)], new Set(), 1);
    const parted = routes.find((route) => route.second !== route.track);
    expect(parted).toBeDefined();
    expect([2, 8]).not.toContain(parted?.turn);
  });

  it('given lines that do not meet across, when they are routed, then on the same track', () => {
    expect(routeChannel([wire(0, 0, 4), wire(1, 8, 12)], new Set(), 1).tracks).toBe(1);
  });
});
