import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readAnchors } from '../adapters/audit/audit-anchor.ts';
import { readAudit } from '../adapters/audit/audit-read.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { type EpochMs, epochMs, kib } from '../kernel/units.ts';
import type { AuditSeen } from './doctor-door.ts';
import type { AuditPaths } from './local-audit.ts';

/** Of its end: one record is shorter. */
const tail = kib(128);

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The file, or the nearest directory above it that is there: what is missing between is made with the first record. */
const nearest = async (path: string): Promise<string> => {
  let at = resolve(path);
  while (!(await exists(at)) && dirname(at) !== at) at = dirname(at);
  return at;
};

const newest = (times: readonly number[]): EpochMs | null =>
  times.length === 0 ? null : epochMs(times.reduce((a, b) => Math.max(a, b)));

/** Looks at the audit and its seals, and writes nothing. Fails where a record could not be written. */
export const auditSeen = async ({ path, seals }: AuditPaths): Promise<Result<AuditSeen>> => {
  for (const file of [path, seals]) {
    const at = await nearest(file);
    try {
      await access(at, constants.W_OK);
    } catch {
      const hint = 'make it writable, or set audit.path and audit.seals in the configuration';
      return failed(
        failure('misconfigured', 'write the audit', 'it cannot be written', { on: at, hint }),
      );
    }
  }
  const [read, anchors] = await Promise.all([readAudit(path, tail), readAnchors(seals)]);
  if (!read.ok) return read;
  if (!anchors.ok) return anchors;
  const own = anchors.value.filter(({ file }) => file === resolve(path));
  return ok({
    path,
    last: newest(read.value.facts.map(({ at }) => at)),
    sealed: newest(own.map(({ at }) => at)),
  });
};
