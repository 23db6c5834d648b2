import { redacted } from '../kernel/redact.ts';

/** A request as `requestText` wrote it down, read back. What it does not tell whole is null. */
export type SaidRequest =
  | {
      readonly kind: 'alertmanager';
      readonly method: 'POST' | 'DELETE';
      readonly path: string;
      /** The first of those that were to be told. */
      readonly source: string;
      readonly body: unknown;
    }
  | {
      readonly kind: 'etcd';
      readonly endpoint: string;
      readonly path: string;
      readonly body: unknown;
    }
  | { readonly kind: 'snapshot'; readonly endpoint: string; readonly path: string }
  | {
      readonly kind: 'kubernetes';
      readonly method: 'POST' | 'PATCH' | 'DELETE';
      /** With query. */
      readonly path: string;
      readonly body: unknown;
    };

/** Null where the text was cut, or something in it was taken out: the rest is another body than the one that was sent. */
const bodyIn = (text: string | undefined): unknown => {
  if (text === undefined || text === '' || text.includes(redacted)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const silences = /^(POST|DELETE) (\/api\/v2\/silences?(?:\/[0-9a-f-]+)?) at (.+?)(?: (\{.*))?$/s;
const snapshot = /^POST (https?:\/\/\S+?)\/v3\/maintenance\/snapshot to (\/.*)$/s;
const etcd = /^POST (https?:\/\/\S+?)(\/v3\/\S+) (\{.*)$/s;
const kubernetes = /^(POST|PATCH|DELETE) (\/apis?\/\S+)(?: ([[{].*))?$/s;

/** What a line of `asked` says that would be sent; null where it is none of those that change something. */
export const requestSaid = (text: string): SaidRequest | null => {
  const toAlertmanager = silences.exec(text);
  if (toAlertmanager !== null) {
    const [, method, path = '', source = '', body] = toAlertmanager;
    const verb = method === 'DELETE' ? 'DELETE' : 'POST';
    return { kind: 'alertmanager', method: verb, path, source, body: bodyIn(body) };
  }
  const toFile = snapshot.exec(text);
  if (toFile !== null) {
    const [, endpoint = '', path = ''] = toFile;
    return { kind: 'snapshot', endpoint, path };
  }
  const toMember = etcd.exec(text);
  if (toMember !== null) {
    const [, endpoint = '', path = '', body] = toMember;
    return { kind: 'etcd', endpoint, path, body: bodyIn(body) };
  }
  const toServer = kubernetes.exec(text);
  if (toServer === null) return null;
  const [, method, path = '', body] = toServer;
  const verb = method === 'PATCH' ? 'PATCH' : method === 'DELETE' ? 'DELETE' : 'POST';
  return { kind: 'kubernetes', method: verb, path, body: bodyIn(body) };
};
