import type { EffectRequest } from '../../kernel/act.ts';
import { type Guard, silent } from '../guard.ts';

const pathNamespace = /^\/(?:api|apis)\/(?:[^/]+\/){1,2}namespaces\/([^/?]+)\//;

/** Namespace that a request is about; '' when it is about none. */
const namespaceIn = (request: EffectRequest): string => {
  switch (request.kind) {
    case 'kubernetes':
      return decodeURIComponent(pathNamespace.exec(request.path)?.[1] ?? '');
    case 'logs':
      return request.target.namespace;
    case 'attach':
      return request.namespace;
    default:
      return '';
  }
};

const readsThere = (request: EffectRequest): boolean => request.kind === 'logs';

/**
 * The policy that is asked is that of the subject: requests reach no other namespace. What has none, as a node, may have
 * a pod made beside it; logs are read of a namespace only where that is the subject's own.
 */
export const sameNamespace: Guard = {
  id: 'same-namespace',
  title: 'nothing reaches beyond the namespace that the policy was asked for',
  judge: ({ requests, subject }) => {
    if (subject.kind !== 'object') return silent;
    const own = subject.resource === 'namespaces' ? subject.name : subject.namespace;
    const wrong = requests
      .filter((r) => own !== '' || readsThere(r))
      .map(safely)
      .find((namespace) => namespace !== '' && namespace !== own);
    if (wrong === undefined) return silent;
    const why = `it reaches namespace ${wrong}, and is about ${own === '' ? subject.name : own}`;
    return { kind: 'deny', why, hint: `ask for it in ${wrong}`, opens: 'never' };
  },
};

/** An escape that means nothing is itself. */
const safely = (request: EffectRequest): string => {
  try {
    return namespaceIn(request);
  } catch {
    return '%';
  }
};
