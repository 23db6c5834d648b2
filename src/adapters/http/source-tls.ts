import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceTls } from '../../kernel/source-target.ts';
import { type TlsMaterial, tlsMaterial } from '../kubernetes/tls.ts';
import { readSourceFile } from './source-file.ts';

/** The PEM files that TLS settings name. */
export const tlsPaths = ({ ca, cert, key }: SourceTls): readonly string[] =>
  [ca, cert, key].filter((path) => path !== null);

const parts = [
  { start: 'certificate-authority', part: 'certificate authority', of: 'ca' },
  { start: 'client-certificate', part: 'client certificate', of: 'cert' },
  { start: 'client-key', part: 'client key', of: 'key' },
] as const;

/** Reads the files and builds what a TLS handshake needs. Failures name the part, the file and the user. */
export const sourceTls = async (tls: SourceTls): Promise<Result<TlsMaterial>> => {
  const { ca, cert, key, serverName, verify } = tls;
  if ((cert === null) !== (key === null)) {
    const [has, lacks] = cert === null ? ['key', 'certificate'] : ['certificate', 'key'];
    return failed(
      failure('misconfigured', 'prepare TLS', `there is a client ${has} without its ${lacks}`, {
        on: cert ?? key ?? '',
        hint: `name the client ${lacks} too`,
      }),
    );
  }
  const read = async (part: string, path: string | null) =>
    path === null ? ok(null) : await readSourceFile({ part, path });
  const [authority, certificate, secret] = await Promise.all([
    read('certificate authority', ca),
    read('client certificate', cert),
    read('client key', key),
  ]);
  if (!authority.ok) return authority;
  if (!certificate.ok) return certificate;
  if (!secret.ok) return secret;
  const inline = (pem: string) => ({ kind: 'inline', pem }) as const;
  const built = await tlsMaterial(
    {
      ca: authority.value === null ? null : inline(authority.value),
      certificate:
        certificate.value === null || secret.value === null
          ? null
          : { cert: inline(certificate.value), key: inline(secret.value) },
      serverName,
      verify,
    },
    null,
  );
  if (built.ok) return built;
  const { message } = built.failure;
  const broken = parts.find(({ start }) => message.startsWith(start));
  const on = broken === undefined ? null : tls[broken.of];
  return failed(
    failure('misconfigured', 'prepare TLS', wordsOf(message), {
      ...(on === null ? {} : { on }),
      hint: 'take certificate and key from the same source, as PEM files',
    }),
  );
};

const wordsOf = (message: string): string =>
  parts.reduce((text, { start, part }) => text.replace(start, `the ${part}`), message);
