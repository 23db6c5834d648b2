/** Why a path must not be sent, or null: servers and proxies could read it in another way than we do. */
export const unsafePath = (path: string): string | null => {
  const [route = ''] = path.split('?');
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.startsWith('//')) return 'not an absolute path';
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(route)) return 'the path climbs';
  if (path.includes('#')) return 'the path has a fragment';
  if (path.includes('\\')) return 'the path has a backslash';
  return null;
};
