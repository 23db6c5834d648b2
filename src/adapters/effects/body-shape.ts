/** A place in a body, from the outside in; `*` is any one name, `**` at the end anything below. */
export type BodyPlace = readonly string[];

/**
 * The body as data; undefined when it is not JSON as we write it. A text that reads the same back has no name twice,
 * so that no server can read another value than the one that was looked at.
 */
export const bodyData = (body: string): unknown => {
  try {
    const data: unknown = JSON.parse(body);
    return JSON.stringify(data) === body ? data : undefined;
  } catch {
    return undefined;
  }
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const placesIn = (value: unknown, at: BodyPlace): readonly BodyPlace[] =>
  isRecord(value)
    ? Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]))
    : [at];

const fits = (place: BodyPlace, allowed: BodyPlace): boolean => {
  const deep = allowed.at(-1) === '**';
  const names = deep ? allowed.slice(0, -1) : allowed;
  if (deep ? place.length < names.length : place.length !== names.length) return false;
  return names.every((name, i) => {
    const is = place[i] ?? '';
    return name.endsWith('*') ? is.startsWith(name.slice(0, -1)) : is === name;
  });
};

/** Whether the body is an object that says something, and nothing beyond these places. */
export const saysOnly = (data: unknown, allowed: readonly BodyPlace[]): boolean => {
  if (!isRecord(data)) return false;
  const places = placesIn(data, []);
  return places.length > 0 && places.every((place) => allowed.some((a) => fits(place, a)));
};
