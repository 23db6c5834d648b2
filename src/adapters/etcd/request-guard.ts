import type { RequestGuard } from '../http/direct.ts';

/**
 * Questions that etcd's gateway wants posted, with the only body each may have: the same paths with other bodies
 * could change something or cost more. Alarms are read from the status, where every member lists those of all:
 * asking `/v3/maintenance/alarm` for them appends an entry to the raft log each time, and hangs without a quorum.
 */
export const statusQuestion = { path: '/v3/maintenance/status', body: '{}' } as const;
/** As this member has it; asking for the newest one would hang without a quorum. */
export const membersQuestion = {
  path: '/v3/cluster/member/list',
  body: '{"linearizable":false}',
} as const;

const posted: ReadonlyMap<string, string> = new Map(
  [statusQuestion, membersQuestion].map(({ path, body }) => [path, body]),
);
const got: ReadonlySet<string> = new Set(['/metrics', '/health', '/version']);

/** Why a request must not be sent to an etcd member, or null. Nothing that writes can be asked. */
export const forbiddenEtcdRequest: RequestGuard = (method, path, body) => {
  switch (method) {
    case 'GET':
      if (!got.has(path)) return 'only metrics, health and version may be fetched';
      return body === undefined ? null : 'a GET has no body';
    case 'POST':
      if (!posted.has(path)) return 'only status and member list may be asked';
      return posted.get(path) === body
        ? null
        : 'the question has another body than the one that reads';
    default:
      return 'only GET and POST exist here';
  }
};
