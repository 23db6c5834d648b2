/*
 * Between two layers lines change their place across, each on a track. A net is a set of lines that meet: they share
 * a track. Two nets never share cells but where one crosses the other at right angles.
 */

/** A line from a place at the layer before to one at the layer behind. */
export interface Wire {
  readonly edge: number;
  readonly from: number;
  readonly to: number;
  /** What it starts and ends at; wires with one of them in common are one net. */
  readonly ends: readonly [object, object];
}

/** Where a wire runs: across on `track` from its start to `turn`, and on `second` from there to its end. */
export interface Route {
  readonly wire: Wire;
  readonly net: number;
  /** From 0; -1 when it runs straight on. */
  readonly track: number;
  readonly turn: number;
  readonly second: number;
}

export interface Channel {
  readonly routes: readonly Route[];
  readonly tracks: number;
  /** Highest place across that is used. */
  readonly widest: number;
}

/** A stretch on a track. */
interface Bar {
  readonly net: number;
  readonly low: number;
  readonly high: number;
  /** Places at which something comes in from the layer before, and goes out to the one behind. */
  readonly above: readonly number[];
  readonly below: readonly number[];
  track: number;
}

const netsOf = (wires: readonly Wire[]): readonly (readonly Wire[])[] => {
  const owner = new Map<object, Wire[]>();
  const nets = new Set<Wire[]>();
  for (const wire of wires) {
    const joined = new Set(
      wire.ends.map((end) => owner.get(end)).filter((net) => net !== undefined),
    );
    const net = [...[...joined].flat(), wire];
    for (const old of joined) nets.delete(old);
    nets.add(net);
    for (const one of net) for (const end of one.ends) owner.set(end, net);
  }
  return [...nets];
};

const barOf = (net: number, above: readonly number[], below: readonly number[]): Bar => ({
  net,
  low: Math.min(...above, ...below),
  high: Math.max(...above, ...below),
  above: [...new Set(above)],
  below: [...new Set(below)],
  track: 0,
});

/** Empty cells between two nets on one track, so that also ASCII signs do not touch. */
const trackGap = 2;
const overlap = (a: Bar, b: Bar): boolean => a.low < b.high + trackGap && b.low < a.high + trackGap;

/** Lines of one and the other cross that often when the first is nearer to the layer before. */
const crossings = (first: Bar, second: Bar): number =>
  first.below.filter((at) => at > second.low && at < second.high).length +
  second.above.filter((at) => at > first.low && at < first.high).length;

/** The first must be nearer to the layer before: on one column it comes in and the second goes out. */
const mustLead = (first: Bar, second: Bar): boolean =>
  first.net === second.net
    ? first.below.length > 0 && first.below.some((at) => second.above.includes(at))
    : first.above.some((at) => second.below.includes(at));

const freeColumn = (bar: Bar, used: ReadonlySet<number>): number => {
  const middle = Math.round((bar.low + bar.high) / 2);
  const roomy = (at: number) => at >= 0 && [at - 1, at, at + 1].every((one) => !used.has(one));
  const free = (at: number) => at >= 0 && !used.has(at);
  const near = Array.from(
    { length: 2 * used.size + 80 },
    (_, i) => middle + (i % 2 === 0 ? i / 2 : -(i + 1) / 2),
  );
  return near.find(roomy) ?? near.find(free) ?? Math.max(0, ...used) + 2;
};

/** In an order in which no line has to run over another; a bar in a circle is parted at a free column. */
const inOrder = (bars: readonly Bar[], taken: ReadonlySet<number>): readonly Bar[] => {
  const used = new Set([...taken, ...bars.flatMap((bar) => [...bar.above, ...bar.below])]);
  let rest = [...bars];
  const ordered: Bar[] = [];
  while (rest.length > 0) {
    const free = rest.filter((bar) => !rest.some((one) => one !== bar && mustLead(one, bar)));
    if (free.length === 0) {
      // Once parted, a bar holds nobody up any more: each is parted once at most.
      const holding = rest.filter((one) =>
        rest.some((other) => other.net !== one.net && mustLead(one, other)),
      );
      const bar = holding.reduce((least, one) =>
        one.above.length + one.below.length < least.above.length + least.below.length ? one : least,
      );
      const turn = freeColumn(bar, used);
      used.add(turn);
      rest = rest.flatMap((one) =>
        one === bar
          ? [barOf(bar.net, bar.above, [turn]), barOf(bar.net, [turn], bar.below)]
          : [one],
      );
      continue;
    }
    const cost = (bar: Bar): number =>
      rest.reduce(
        (sum, other) =>
          other === bar || !overlap(bar, other)
            ? sum
            : sum + crossings(bar, other) - crossings(other, bar),
        0,
      );
    const next = free
      .map((bar) => ({ bar, cost: cost(bar) }))
      .reduce((least, one) => (one.cost < least.cost ? one : least)).bar;
    ordered.push(next);
    rest = rest.filter((bar) => bar !== next);
  }
  return ordered;
};

/** @param apart tracks between two bars of which one must lead: 2 where they would touch otherwise */
const assignTracks = (ordered: readonly Bar[], apart: number): number => {
  let tracks = 0;
  for (const [i, bar] of ordered.entries()) {
    for (const other of ordered.slice(0, i)) {
      if (mustLead(other, bar)) bar.track = Math.max(bar.track, other.track + apart);
      else if (overlap(bar, other)) {
        const before = crossings(other, bar) <= crossings(bar, other);
        if (before || mustLead(bar, other)) bar.track = Math.max(bar.track, other.track + 1);
      }
    }
    while (ordered.slice(0, i).some((other) => other.track === bar.track && overlap(bar, other)))
      bar.track += 1;
    tracks = Math.max(tracks, bar.track + 1);
  }
  return tracks;
};

/**
 * @param taken places across at which no line may turn, e.g. where frames pass
 * @param apart see `assignTracks`
 */
export const routeChannel = (
  wires: readonly Wire[],
  taken: ReadonlySet<number>,
  apart: number,
): Channel => {
  const nets = netsOf(wires);
  const bars = nets.flatMap((net, i) =>
    net.every((wire) => wire.from === wire.to)
      ? []
      : [
          barOf(
            i,
            net.map((wire) => wire.from),
            net.map((wire) => wire.to),
          ),
        ],
  );
  const straight = nets.flatMap((net) =>
    net.every((wire) => wire.from === wire.to) ? net.map((wire) => wire.from) : [],
  );
  const ordered = inOrder(bars, new Set([...taken, ...straight]));
  const tracks = assignTracks(ordered, apart);
  const routes = nets.flatMap((net, i) => {
    const own = ordered.filter((bar) => bar.net === i);
    const [first, second] = own;
    return net.map((wire): Route => {
      if (first === undefined) return { wire, net: i, track: -1, turn: wire.to, second: -1 };
      if (second === undefined)
        return { wire, net: i, track: first.track, turn: wire.to, second: first.track };
      const turn = first.below[0] ?? wire.to;
      return { wire, net: i, track: first.track, turn, second: second.track };
    });
  });
  const widest = Math.max(0, ...ordered.map((bar) => bar.high));
  return { routes, tracks, widest };
};
