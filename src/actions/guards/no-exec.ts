import type { ActPlan, EffectRequest } from '../../kernel/act.ts';
import { type Guard, silent } from '../guard.ts';
import { runsIn } from './runs-in.ts';

/** Sub-resources that run something in a container, or are a way past all that is judged here. */
const forbidden: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

const apiPath = /^\/(?:api\/v1|apis\/[a-z0-9.-]+\/v[a-z0-9]+)\/(.+)$/;

/** As a server reads it: an encoded letter is that letter. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

/** The sub-resource of a path, '' without one; null when the path cannot be understood. */
const subresourceOf = (path: string): string | null => {
  const [route = ''] = path.split('?');
  // A server may undo an escape that is read as a letter here.
  if (/%(?:2f|2e|25|5c)|\/\/|\\|#|[^\x21-\x7e]/i.test(route)) return null;
  const rest = apiPath.exec(route)?.[1];
  if (rest === undefined) return null;
  const parts = decoded(rest.replace(/\/$/, '')).split('/');
  if (parts.some((p) => p === '' || p === '.' || p === '..')) return null;
  // What is asked of a namespace itself has the same shape as a resource in it.
  const within = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(2) : parts;
  return within.slice(2).join('/');
};

/** Hooks of containers that run a command in them. */
const hooks: ReadonlySet<string> = new Set(['postStart', 'preStop']);

const hasHook = (value: unknown, depth = 0): boolean => {
  if (depth > 60) return true;
  if (Array.isArray(value)) return value.some((v) => hasHook(v, depth + 1));
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(
    ([key, v]) =>
      (hooks.has(key) && v !== null && typeof v === 'object' && 'exec' in v) ||
      hasHook(v, depth + 1),
  );
};

const bodyHasHook = (body: string): boolean => {
  if (body === '') return false;
  try {
    return hasHook(JSON.parse(body));
  } catch {
    return true;
  }
};

const wrongOf = (plan: ActPlan, request: EffectRequest): string => {
  if (request.kind === 'attach')
    return plan.effect === 'session' ? '' : 'it joins a terminal, and does not say so';
  if (request.kind !== 'kubernetes') return '';
  const sub = subresourceOf(request.path);
  if (sub === null) return `the path cannot be understood: ${request.path}`;
  const [first = ''] = sub.split('/');
  if (forbidden.has(first)) return `${first} is not part of midwatch`;
  return bodyHasHook(request.body) ? 'its body may run a command in a container' : '';
};

/** No command is run in a container, by whatever way a plan asks for it. */
export const noExec: Guard = {
  id: 'no-exec',
  title: 'no command is run in a container',
  judge: (plan) => {
    const why = plan.requests.map((r) => wrongOf(plan, r)).find((w) => w !== '');
    if (why === undefined) return silent;
    const hint = 'look with a debug container, which stands beside it';
    return { kind: 'deny', why, hint, opens: 'never' };
  },
};

/** Words of a command that would run something in a container, or would hand it to a plugin; '' when none would. */
export const execInCommand = runsIn;
