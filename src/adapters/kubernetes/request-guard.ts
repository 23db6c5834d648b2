/** What a SelfSubject… review is asked with: it stores nothing and changes nothing. */
const reviews: ReadonlySet<string> = new Set([
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
]);

/** What opens a session in a container although it is asked for with GET: sub-resources, and a kubelet's own paths. */
const sessions =
  /\/pods\/[^/]+\/(?:exec|attach|portforward)$|\/nodes\/[^/]+\/proxy\/(?:exec|run|attach|portForward|cri)(?:\/|$)/i;

/** As a server reads it: an encoded letter is that letter. */
const decoded = (route: string): string => {
  try {
    return decodeURIComponent(route);
  } catch {
    return route;
  }
};

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
      return sessions.test(decoded(route).replace(/\/+$/, '')) ? 'the path opens a session' : null;
    case 'POST':
      return reviews.has(path) ? null : 'only reviews of oneself may be posted';
    default:
      return 'only GET, HEAD and POST exist here';
  }
};
