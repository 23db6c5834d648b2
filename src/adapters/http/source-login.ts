import { absurd } from '../../kernel/absurd.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceAuth } from '../../kernel/source-target.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

/** The file with the secret; null where there is none. */
export const loginFile = (auth: SourceAuth): SourceFile | null => {
  switch (auth.kind) {
    case 'none':
      return null;
    case 'basic':
      return { part: 'password', path: auth.passwordFile };
    case 'bearer':
      return { part: 'token', path: auth.tokenFile };
    default:
      return absurd(auth);
  }
};

/** What a header may hold: anything else in the file is a mistake, and must not be quoted in an error. */
const sendable = /^[\x20-\x7e]+$/;

/** Value of the Authorization header, null for none. It is a secret: never log it, never put it into a failure. */
export const readLogin = async (auth: SourceAuth): Promise<Result<string | null>> => {
  const file = loginFile(auth);
  if (file === null || auth.kind === 'none') return ok(null);
  const read = await readSourceFile(file);
  if (!read.ok) return read;
  const wrong = (why: string) =>
    failed(
      failure('misconfigured', `read the ${file.part}`, `the ${file.part} file ${why}`, {
        on: file.path,
        hint: `put the ${file.part} alone into the file`,
      }),
    );
  if (auth.kind === 'basic') {
    // Only the line end that editors add; a password may begin or end with a space.
    const password = read.value.replace(/\r?\n$/, '');
    if (password === '') return wrong('is empty');
    const login = Buffer.from(`${auth.username}:${password}`, 'utf8').toString('base64');
    return ok(`Basic ${login}`);
  }
  const token = read.value.trim();
  if (token === '') return wrong('is empty');
  return sendable.test(token) ? ok(`Bearer ${token}`) : wrong('does not hold one line of text');
};
