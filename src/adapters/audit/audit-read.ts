import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { ActFact } from '../../kernel/act-fact.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Bytes } from '../../kernel/units.ts';
import { diskFailure } from '../journal/disk-failure.ts';
import { auditLines } from './audit-lines.ts';

export interface ReadAudit {
  /** In the order of the file. */
  readonly facts: readonly ActFact[];
  /** Lines that hold no fact: torn, of others, or of a later version. */
  readonly unreadable: number;
}

const lineEnd = 0x0a;
const op = 'read the audit';

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

/** Lines of a file from an offset on, without their ends; also the last one, which may be without. */
const linesOf = async function* (file: FileHandle, start: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  const chunks: AsyncIterable<Buffer> = file.createReadStream({ start, autoClose: false });
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]);
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
};

const newLine = Buffer.from([lineEnd]);

/**
 * What an audit tells, as far as it can be read: whether it is what was written is for `verifyAudit` to say.
 * @param last Only so much of its end; null is all of it. A file that is not there yet has nothing in it.
 * @param keep Which facts; the others take no memory.
 */
export const readAudit = async (
  path: string,
  last: Bytes | null,
  keep: (fact: ActFact) => boolean = () => true,
): Promise<Result<ReadAudit>> => {
  let file: FileHandle | undefined;
  try {
    // Not to wait for the other end, should it be a pipe.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) {
      return failed(failure('misconfigured', op, 'that is no regular file', { on: path }));
    }
    const start = last === null ? 0 : Math.max(0, stat.size - last);
    const facts: ActFact[] = [];
    let unreadable = 0;
    let isFirst = start > 0;
    for await (const line of linesOf(file, start)) {
      // It may be the end of a line only.
      const passed = isFirst || line.length === 0;
      isFirst = false;
      if (passed) continue;
      const fact = auditLines.read(Buffer.concat([line, newLine]), false).all[0];
      if (fact === undefined) unreadable += 1;
      else if (keep(fact)) facts.push(fact);
    }
    return ok({ facts, unreadable });
  } catch (cause) {
    return isAbsent(cause)
      ? ok({ facts: [], unreadable: 0 })
      : failed(diskFailure(op, path, cause));
  } finally {
    await file?.close();
  }
};
