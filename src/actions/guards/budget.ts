import type { EffectRequest } from '../../kernel/act.ts';
import { type Guard, silent } from '../guard.ts';
import { denyUnlessBroken } from './broken-glass.ts';
import { countText, sizeText } from './size-text.ts';

/** Streams that a question needs, as far as it is known before it is asked. */
const streamsOf = (request: EffectRequest): number => {
  if (request.kind === 'loki') return 1;
  if (request.kind !== 'logs') return 0;
  const { pods, containers } = request.target;
  const named = pods.kind === 'named' ? pods.names.length * (containers?.length ?? 1) : 1;
  return Math.min(request.bounds.streams, Math.max(1, named));
};

/** One session reads so many bytes of logs, and no more streams at once, than the policy has it. */
export const budget: Guard = {
  id: 'budget',
  title: 'what a session reads of logs stays within its budget',
  judge: ({ requests }, facts, now) => {
    const { policy, used } = facts;
    const logs = requests.filter((r) => r.kind === 'logs' || r.kind === 'loki');
    if (logs.length === 0) return silent;
    const { budget: all, streamsMax } = policy.logs;
    const left = all - used.bytes;
    const largest = Math.max(...logs.map((r) => (r.kind === 'logs' ? r.bounds.limitBytes : 0)));
    const say = `${sizeText(used.bytes)} of ${sizeText(all)} of this session are used`;
    if (!(left > 0)) {
      const hint = 'ask Loki, or begin another session';
      return denyUnlessBroken(facts, now, say, hint);
    }
    if (!(largest <= left)) {
      const hint = `try --limit-bytes=${Math.floor(left)}`;
      return { kind: 'deny', why: `${say}, and this may be more`, hint, opens: 'never' };
    }
    const streams = used.streams + logs.reduce((sum, r) => sum + streamsOf(r), 0);
    if (!(streams <= streamsMax)) {
      const why = `${countText(streams)} streams at once, the limit is ${streamsMax}`;
      return { kind: 'deny', why, hint: 'leave logs that are followed', opens: 'never' };
    }
    return { kind: 'allow', why: say };
  },
};
