import type { EffectPorts } from '../../kernel/effect-ports.ts';
import { failed, failure, ok } from '../../kernel/failure.ts';
import { bytes, mib } from '../../kernel/units.ts';
import { decodeStatus, refusalIn } from '../etcd/gateway-answer.ts';
import { statusQuestion } from '../etcd/request-guard.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { type EtcdEffectOptions, openMember } from './etcd-effect.ts';
import { snapshotPath } from './etcd-guard.ts';
import { newFile } from './new-file.ts';
import { patience } from './one-shot.ts';
import { readSnapshot } from './snapshot-stream.ts';

const op = 'save a snapshot';
/** Of what comes over the wire, a third more than the file: nobody keeps as much in etcd. */
const largest = mib(64 * 1024);
/** How often somebody is told. */
const step = mib(4);
const longestStatus = 256 * 1024;

const revisionIn = (text: string): string => {
  try {
    return String(decodeStatus(JSON.parse(text))?.revision ?? '');
  } catch {
    return '';
  }
};

/** The backend of a member, streamed into a new file of ours. */
export const etcdSnapshot =
  (options: EtcdEffectOptions): EffectPorts['etcdSnapshot'] =>
  async ({ cluster, endpoint, path }, progress, signal) => {
    const why = options.guard('POST', snapshotPath, '{}');
    if (why !== null) return failed(failure('forbidden', op, why, { on: snapshotPath }));
    const opened = await openMember(options, cluster, endpoint, signal);
    if (!opened.ok) return opened;
    const source = opened.value;
    try {
      // The stream itself does not say what it is a snapshot of: it has at least what there was before it.
      const asked = await source.request(
        { method: 'POST', ...statusQuestion, timeout: 5000, limit: longestStatus },
        signal,
      );
      if (!asked.ok) return failed({ ...asked.failure, op, on: endpoint });
      const before = await asked.value.text();
      const revision = before.ok ? revisionIn(before.value) : '';
      if (revision === '') {
        return failed(
          failure('undecodable', op, 'it does not answer as etcd does', { on: endpoint }),
        );
      }
      return await newFile(path, async (write) => {
        const sent = await source.request(
          { method: 'POST', path: snapshotPath, body: '{}', timeout: patience, limit: largest },
          signal,
        );
        if (!sent.ok) return failed({ ...sent.failure, op, on: endpoint });
        if (sent.value.status !== 200) {
          const text = await sent.value.text();
          const said = text.ok ? refusalIn(text.value) : '';
          const words = said === '' ? `it answers with HTTP ${sent.value.status}` : said;
          return failed(failure('broken', op, words, { on: endpoint, status: sent.value.status }));
        }
        let size = 0;
        let told = 0;
        try {
          const end = await readSnapshot(sent.value.body, async (piece) => {
            await write(piece);
            size += piece.length;
            if (size - told < step) return;
            told = size;
            progress(bytes(size));
          });
          progress(bytes(size));
          return ok({
            bytes: bytes(end.bytes),
            sha256: end.sha256,
            revision: end.revision === '' ? revision : end.revision,
          });
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          return failed({ ...error.failure, op, on: endpoint });
        }
      });
    } finally {
      await source.close();
    }
  };
