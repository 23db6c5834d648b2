/** An address without what stands behind `#` and `?`. */
export interface Address {
  readonly url: string;
  /** Behind `#`, decoded; '' when there is none. */
  readonly fragment: string;
}

const decodedPart = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const addressOf = (written: string): Address => {
  const text = written.trim();
  const hash = text.indexOf('#');
  const before = hash === -1 ? text : text.slice(0, hash);
  const query = before.indexOf('?');
  return {
    url: query === -1 ? before : before.slice(0, query),
    fragment: hash === -1 ? '' : decodedPart(text.slice(hash + 1)),
  };
};

/** Segments of a path; null when it climbs, or hides that it does. */
export const safePath = (path: string): string | null => {
  const segments = path
    .split('/')
    .filter((s) => s !== '' && s !== '.')
    .map(decodedPart);
  const bad = segments.some(
    (s) => s === '..' || s === '.' || s.includes('/') || s.includes('\\') || s.includes('\0'),
  );
  return bad ? null : segments.join('/');
};

/** Whether a runbook of this path is a page of the web: it may be read and walked, and its tasks are never carried out. */
export const isWebPage = (path: string): boolean => /^https?:\/\//i.test(path);

/** Why a task of a page is only shown. */
export const pageIsRead = 'a fetched page is for reading: its tasks are never carried out';

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');

/** What stands behind a prefix, in which `*` is one part of the path; null when it does not begin so. */
export const behindPrefix = (url: string, prefix: string): string | null => {
  const pieces = prefix.split('*').map(escaped);
  if (pieces.length > 10) return null;
  const found = new RegExp(`^${pieces.join('[^/]+')}`, 'i').exec(url);
  if (found === null) return null;
  const rest = url.slice(found[0].length);
  // `…/runbooks` is no prefix of `…/runbooks-old/x`.
  return prefix.endsWith('/') || rest === '' || rest.startsWith('/') ? rest : null;
};

/** The address of the text itself, where GitHub and GitLab show a page around it. */
export const rawAddress = (url: string): string =>
  url
    .replace(
      /^https:\/\/github\.com\/([^/]+)\/([^/]+)\/(?:blob|raw)\/(.+)$/i,
      'https://raw.githubusercontent.com/$1/$2/$3',
    )
    .replace(/^(https:\/\/[^/]+\/.+?)\/-\/blob\//, '$1/-/raw/');

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Hosts as they are allowed: `runbooks.example.com`, `*.example.com`, with a port where it is another. */
const hostAllowed = (url: URL, allowed: readonly string[]): boolean =>
  allowed.some((written) => {
    const host = written.trim().toLowerCase();
    const [name = '', port] = /^(.+?)(?::(\d+))?$/.exec(host)?.slice(1) ?? [];
    const usual = url.protocol === 'https:' ? '443' : '80';
    if ((port ?? usual) !== (url.port || usual)) return false;
    return name.startsWith('*.')
      ? url.hostname.toLowerCase().endsWith(name.slice(1)) && name.length > 3
      : url.hostname.toLowerCase() === name;
  });

export type FetchVerdict =
  | { readonly kind: 'allowed'; readonly url: string }
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string };

export interface FetchRules {
  readonly fetch: boolean;
  readonly allowHosts: readonly string[];
}

/** Whether a page may be fetched. https only; http to this machine alone. Credentials in an address are never sent. */
export const mayFetch = (address: string, { fetch, allowHosts }: FetchRules): FetchVerdict => {
  const refused = (why: string, hint: string): FetchVerdict => ({ kind: 'refused', why, hint });
  const raw = rawAddress(address);
  if (!URL.canParse(raw)) return refused('it is no address', 'correct the annotation');
  const url = new URL(raw);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refused(`${url.protocol} is not read`, 'use https, or a folder');
  }
  if (!fetch) {
    return refused(
      'no prefix maps it to a folder, and fetching is off',
      'map it with runbooks.prefixes, or set runbooks.fetch and runbooks.allowHosts',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return refused('it has credentials in it', 'take them out of the annotation');
  }
  if (!hostAllowed(url, allowHosts)) {
    return refused(
      `${url.host} is not among runbooks.allowHosts`,
      'add the host, or map it to a folder',
    );
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    return refused('it is not https', 'use https');
  }
  return { kind: 'allowed', url: url.href };
};
