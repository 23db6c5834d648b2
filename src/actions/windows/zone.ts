/**
 * A time zone by its rules: how far its wall clocks are ahead of UTC at an instant, in milliseconds. Instants are
 * milliseconds since 1970; a wall clock is told as the instant at which a clock of UTC shows the same.
 */
export interface Zone {
  readonly name: string;
  offset(at: number): number;
}

export const utc: Zone = { name: 'UTC', offset: () => 0 };

/** Zones are few, and making a formatter takes a fraction of a millisecond. */
const known = new Map<string, Zone | null>();
const knownMost = 600;

/** Ten years, so that looking ahead asks each day once. */
const daysMost = 3660;

const day = 86_400_000;
const hour = 3_600_000;

const make = (name: string): Zone | null => {
  // Offsets are no zones where windows are kept, whatever this machine takes them for.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name) || name.length > 100) return null;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
  // A name in other letters is found here, and not where zones are files.
  const resolved = format.resolvedOptions().timeZone;
  if (resolved !== name && resolved.toLowerCase() === name.toLowerCase()) return null;
  const asked = (at: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const wall = Date.UTC(
      parts.year ?? 1970,
      (parts.month ?? 1) - 1,
      parts.day,
      parts.hour,
      parts.minute,
      parts.second,
    );
    return wall - at;
  };
  /** Offsets of days that have one, null of those in which clocks are changed. */
  const days = new Map<number, number | null>();
  const ofDay = (n: number): number | null => {
    const was = days.get(n);
    if (was !== undefined) return was;
    const first = asked(n * day);
    const only = asked((n + 1) * day) === first ? first : null;
    if (days.size >= daysMost) days.clear();
    days.set(n, only);
    return only;
  };
  return {
    name,
    // Clocks are changed on a quarter of an hour.
    offset: (at) => ofDay(Math.floor(at / day)) ?? asked(Math.floor(at / (hour / 4)) * (hour / 4)),
  };
};

/** The zone of an IANA name, `Europe/Madrid`; null when there is none of that name. */
export const zoneOf = (name: string): Zone | null => {
  const was = known.get(name);
  if (was !== undefined) return was;
  if (known.size >= knownMost) known.clear();
  const zone = name === 'UTC' ? utc : make(name);
  known.set(name, zone);
  return zone;
};

export const wallAt = (zone: Zone, at: number): number => at + zone.offset(at);

/**
 * The first instant after `from` and not after `until` at which the zone's clocks are changed; null when they are not.
 */
export const changeAfter = (zone: Zone, from: number, until: number): number | null => {
  if (zone === utc) return null;
  const before = zone.offset(from);
  for (let at = from; at < until; at += day) {
    let late = Math.min(at + day, until);
    if (zone.offset(late) === before) continue;
    let early = at;
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      if (zone.offset(middle) === before) early = middle;
      else late = middle;
    }
    return late;
  }
  return null;
};

/**
 * When the clocks of a zone show a time. One that they skip is the moment at which they skip it; of one that they show
 * twice the first or the last, as asked.
 */
export const instantOf = (zone: Zone, wall: number, which: 'first' | 'last'): number => {
  const found = [zone.offset(wall - day), zone.offset(wall + day)]
    .map((offset) => wall - offset)
    .filter((at) => at + zone.offset(at) === wall);
  if (found.length > 0) return which === 'first' ? Math.min(...found) : Math.max(...found);
  const change = changeAfter(zone, wall - day, wall + day);
  return change ?? wall - zone.offset(wall);
};
