/** What a SelfSubject… review is asked with: it stores nothing and changes nothing. */
const reviews: ReadonlySet<string> = new Set([
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
]);

/** Sub-resources that open a session in a container although they are asked for with GET. */
const sessions = /\/pods\/[^/]+\/(?:exec|attach|portforward)$/;

/**
 * Why a request must not be sent, or null. Only reading is possible, and asking about oneself.
 * Paths that a server might read in another way than we do are refused too.
 */
export const forbiddenRequest = (method: string, path: string): string | null => {
  const [route = ''] = path.split('?');
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.startsWith('//')) return 'not an absolute path';
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(route)) return 'the path climbs';
  if (path.includes('#')) return 'the path has a fragment';
  switch (method) {
    case 'GET':
    case 'HEAD':
      return sessions.test(route.replace(/\/+$/, '')) ? 'the path opens a session' : null;
    case 'POST':
      return reviews.has(path) ? null : 'only reviews of oneself may be posted';
    default:
      return 'only GET, HEAD and POST exist here';
  }
};
