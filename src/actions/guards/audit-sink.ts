import { type Guard, silent } from '../guard.ts';

/** What cannot be written down is not done, not even reading logs. */
export const auditSink: Guard = {
  id: 'audit-sink',
  title: 'what is done is written down before it is done',
  judge: (_plan, { audit }) =>
    audit.kind === 'known'
      ? silent
      : {
          kind: 'deny',
          why: `it cannot be written down: ${audit.why}`,
          hint: 'make room, or make the folder of the audit writable',
          opens: 'never',
        },
};
