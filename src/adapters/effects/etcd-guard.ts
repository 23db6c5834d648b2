import { forbiddenEtcdRequest } from '../etcd/request-guard.ts';
import type { RequestGuard } from '../http/direct.ts';
import { bodyData, isRecord } from './body-shape.ts';
import { closedByMode, type EffectMode } from './effect-mode.ts';

export const snapshotPath = '/v3/maintenance/snapshot';

const digits = (value: unknown): boolean =>
  typeof value === 'string' && /^[1-9]\d{0,19}$/.test(value);

const has = (body: string, fields: Readonly<Record<string, (value: unknown) => boolean>>) => {
  const data = bodyData(body);
  return (
    isRecord(data) &&
    Object.keys(data).length === Object.keys(fields).length &&
    Object.entries(fields).every(([field, fits]) => fits(data[field]))
  );
};

const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

/** What actions post to a member, with the only bodies that each may have. */
const written: Readonly<Record<string, (body: string) => boolean>> = {
  '/v3/kv/compaction': (body) => has(body, { revision: digits, physical: oneOf(true) }),
  '/v3/maintenance/defragment': (body) => body === '{}',
  '/v3/maintenance/alarm': (body) =>
    has(body, {
      action: oneOf('DEACTIVATE'),
      memberID: digits,
      alarm: oneOf('NOSPACE', 'CORRUPT'),
    }),
  '/v3/maintenance/transfer-leadership': (body) => has(body, { targetID: digits }),
};

/** Guards questions to members of etcd; reading the whole backend is reading. */
export const etcdGuard =
  (mode: () => EffectMode): RequestGuard =>
  (method, path, body) => {
    const reading = forbiddenEtcdRequest(method, path, body);
    if (reading === null) return null;
    if (method === 'POST' && path === snapshotPath) {
      return body === '{}' ? null : 'the question has another body than the one that reads';
    }
    if (method !== 'POST') return reading;
    if (mode() !== 'guarded') return closedByMode;
    const fits = Object.hasOwn(written, path) ? written[path] : undefined;
    return fits?.(body ?? '') === true ? null : 'no action builds such a request';
  };
