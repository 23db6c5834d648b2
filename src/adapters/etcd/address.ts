import { networkInterfaces } from 'node:os';

/** Clients and metrics of etcd come over the web only; `unix:` sockets are for its own machine. */
export const webUrl = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') return null;
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
};

/** `10.0.0.1:2379`: where a URL leads, also to compare two. The text itself where it is not one. */
export const hostPort = (text: string): string => {
  const url = webUrl(text);
  if (url === null) return text;
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
};

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1').toLowerCase();

/** Means another machine on every machine. */
export const isLoopback = (text: string): boolean => {
  const url = webUrl(text);
  return url !== null && /^(?:.+\.)?localhost$|^127(?:\.\d+){3}$|^::1$/.test(bare(url.hostname));
};

/** `http://0.0.0.0:2381` is where it listens, not where it can be asked. */
const isEverywhere = (url: URL): boolean => /^(?:0\.0\.0\.0|::)$/.test(bare(url.hostname));

/** Whether a URL leads to this machine, as far as its addresses tell. */
export const leadsHere = (text: string): boolean => {
  if (isLoopback(text)) return true;
  const host = bare(webUrl(text)?.hostname ?? '');
  return Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address.toLowerCase() === host),
  );
};

/** The URLs that a member listens on, as they can be asked at the host of `at`; loopback only when that is here. */
export const askable = (listens: readonly string[], at: string, here: boolean): readonly string[] =>
  listens.flatMap((text) => {
    const url = webUrl(text);
    if (url === null) return [];
    if (isLoopback(text)) return here ? [url.origin] : [];
    if (!isEverywhere(url)) return [url.origin];
    const host = webUrl(at)?.hostname;
    if (host === undefined) return [];
    return [`${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`];
  });
