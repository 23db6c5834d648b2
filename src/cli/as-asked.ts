import type { SaidRequest } from './request-said.ts';

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A server leaves out what is false, and what a patch takes away. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false;

/** Everything that is wanted is there; a server adds more to it, and in lists between it. */
const holds = (there: unknown, wanted: unknown): boolean => {
  if (isNothing(wanted)) return isNothing(there);
  if (Array.isArray(wanted)) {
    return Array.isArray(there) && wanted.every((w) => there.some((t) => holds(t, w)));
  }
  if (!isJson(wanted)) return there === wanted;
  return isJson(there) && Object.entries(wanted).every(([key, w]) => holds(there[key], w));
};

/** What a merge patch is about, without what it only makes sure of. */
const wantedOf = ({ metadata, ...rest }: Json): Json => {
  if (!isJson(metadata)) return rest;
  const { uid: _, resourceVersion: __, ...more } = metadata;
  return Object.keys(more).length === 0 ? rest : { ...rest, metadata: more };
};

/** Value at a JSON pointer. */
const at = (object: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((value: unknown, part) => (isJson(value) ? value[part] : undefined), object);

const stepHolds = (object: unknown, step: unknown): boolean => {
  if (!isJson(step) || typeof step.path !== 'string') return false;
  const there = at(object, step.path);
  return step.op === 'remove' ? there === undefined : holds(there, step.value);
};

/**
 * Whether an object is now what a patch asked for; null where that cannot be said: the patch was not written down
 * whole, or asks for nothing that could be seen.
 */
export const asAsked = (object: unknown, request: SaidRequest): boolean | null => {
  if (request.kind !== 'kubernetes' || request.method !== 'PATCH') return null;
  const { body } = request;
  if (Array.isArray(body)) {
    const steps = body.filter((step) => !isJson(step) || step.op !== 'test');
    return steps.length === 0 ? null : steps.every((step) => stepHolds(object, step));
  }
  if (!isJson(body)) return null;
  const wanted = wantedOf(body);
  return Object.keys(wanted).length === 0 ? null : holds(object, wanted);
};
