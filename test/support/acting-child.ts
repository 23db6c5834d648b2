import { randomUUID } from 'node:crypto';
import type { ActionDefinition } from '../../src/actions/action.ts';
import type { Guard } from '../../src/actions/guard.ts';
import { auditSink } from '../../src/actions/guards/audit-sink.ts';
import { openPipeline } from '../../src/actions/pipeline.ts';
import { sendInOrder } from '../../src/actions/send-in-order.ts';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { processText, thisProcess } from '../../src/adapters/audit/process-identity.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { noPorts, noReads, sceneOf } from './act-on.ts';
import { aPlan, goodFacts } from './any-plan.ts';

/**
 * Acts again and again through the real pipeline and a real audit, on a real server, and kills itself at one moment of
 * its second act: before or after it writes a kind of fact, before it sends, or when it has its answer. With `none` it
 * goes on until it is killed.
 */
const [path, url, moment] = process.argv.slice(2);
if (path === undefined || url === undefined || moment === undefined) {
  throw new Error('usage: acting-child FILE URL MOMENT');
}
let acts = 0;
const at = (now: string): void => {
  if (acts === 2 && now === moment) process.kill(process.pid, 'SIGKILL');
};

const { action: id, context: _c, subject, args: _a, digest: _d, requests, ...draft } = aPlan();
const action: ActionDefinition = {
  id,
  title: id,
  keys: [],
  aliases: [],
  resources: [],
  effect: 'write',
  shown: false,
  elsewhere: '',
  inputs: [],
  plan: () =>
    ok({
      ...draft,
      requests: requests.map((r) => (r.kind === 'kubernetes' ? { ...r, path: `/${now}` } : r)),
    }),
  perform: sendInOrder,
};
const agrees: Guard = {
  id: 'agrees',
  title: 'asks for the name',
  judge: () => ({ kind: 'ask', why: 'it changes', challenge: { kind: 'name' } }),
};
const audit = openAudit({ path, anchors: `${path}.anchors`, clock: systemClock });
let now = '';
const never = new AbortController().signal;
const pipeline = openPipeline({
  actions: [action],
  guards: [agrees, auditSink],
  clock: systemClock,
  audit: async (facts) => {
    for (const fact of facts) at(`before ${fact.kind}`);
    const done = await audit.put(facts);
    for (const fact of facts) at(`after ${fact.kind}`);
    return done;
  },
  by: 'a child',
  process: processText(thisProcess()),
  scene: () => sceneOf(emptyWorld),
  gather: async () => goodFacts(),
  ports: {
    ...noPorts,
    kubernetes: async ({ path: target, method, body }) => {
      at('before send');
      try {
        const answer = await fetch(`${url}${target}`, { method, body });
        const text = await answer.text();
        at('after send');
        return ok({ status: answer.status, body: text });
      } catch (cause) {
        return failed(failure('broken', 'send', String(cause)));
      }
    },
  },
  reads: noReads,
  newId: () => now,
});
for (;;) {
  acts += 1;
  now = randomUUID();
  const asked = await pipeline.ask({ action: id, subject, args: {}, origin: 'command' }, never);
  if (!asked.ok) throw new Error(asked.failure.message);
  const { digest, typed } = asked.value.plan;
  const result = await pipeline.carryOut(
    asked.value,
    { digest, name: typed, reason: '' },
    { terminal: null, progress: () => {}, logs: () => {} },
    never,
  );
  if (result.kind !== 'done') throw new Error(JSON.stringify(result));
}
