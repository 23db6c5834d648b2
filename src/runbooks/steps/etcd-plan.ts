import type { Template } from '../parameter.ts';
import type { EtcdCall, Plan } from '../plan.ts';
import type { Risk } from '../runbook.ts';
import { byHand, type Classified, reading, refused } from './classified.ts';
import { flagTable, lastOf, readFlags } from './flags.ts';
import { literalOf } from './template.ts';
import type { Word } from './words.ts';

const table = flagTable(
  {
    endpoints: '--endpoints',
    files: '--cacert --cert --key --discovery-srv --discovery-srv-name',
    output: '-w --write-out',
    timeout: '--command-timeout --dial-timeout --keepalive-time --keepalive-timeout',
    login: '--user --password',
    revision: '--rev',
    dataDir: '--data-dir',
  },
  {
    cluster: '--cluster',
    plain: '--physical --hex --debug --insecure-skip-tls-verify --insecure-transport',
  },
);

const calls: ReadonlyMap<string, EtcdCall> = new Map([
  ['endpoint status', 'status'],
  ['endpoint health', 'health'],
  ['endpoint hashkv', 'hash'],
  ['member list', 'members'],
  ['alarm list', 'alarms'],
  ['alarm disarm', 'disarm'],
  ['snapshot save', 'snapshot'],
  ['version', 'status'],
  ['compact', 'compact'],
  ['compaction', 'compact'],
  ['defrag', 'defrag'],
  ['move-leader', 'move-leader'],
]);

/** What is more than reading. A snapshot holds every Secret there is. */
export const etcdRisk = (call: EtcdCall): Risk => {
  switch (call) {
    case 'compact':
    case 'disarm':
    case 'snapshot':
      return 'change';
    case 'defrag':
    case 'move-leader':
      return 'disruptive';
    default:
      return 'read';
  }
};

const local = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** One endpoint names a member; several, or this machine's own, name none. */
const memberOf = (endpoints: Template | null, cluster: boolean): Template | null => {
  if (endpoints === null || cluster) return null;
  const text = literalOf(endpoints);
  return text !== null && (text.includes(',') || local.test(text)) ? null : endpoints;
};

const secretive = 'what is stored in etcd holds Secrets, and is not shown';

/** What `etcdctl` and its words ask for. `inPod`: the pod it would run in, which is the member then. */
export const etcdPlan = (
  words: readonly Word[],
  source: string,
  inPod: Template | null = null,
): Classified => {
  const flags = readFlags(words, table);
  const [first, second, third] = flags.positionals;
  const verb = first?.text ?? '';
  const both = `${verb} ${second?.text ?? ''}`;
  const call = calls.get(both) ?? calls.get(verb);
  if (call === undefined) {
    if (verb === 'get' || verb === 'watch') {
      return refused(secretive, null, { severity: 'error', rule: 'secret' });
    }
    const final = /^(?:del|member remove|snapshot restore|auth|user|role)/.test(both);
    return byHand(source, final ? 'destructive' : 'change', verb !== '');
  }
  const argument = calls.has(both) ? (third ?? null) : (second ?? null);
  const wants = call === 'compact' || call === 'move-leader';
  if (wants && argument === null) return byHand(source, etcdRisk(call));
  const member = inPod ?? memberOf(lastOf(flags, 'endpoints'), flags.set.has('cluster'));
  const plan: Plan = {
    kind: 'etcd',
    call,
    member: flags.set.has('cluster') ? null : member,
    argument: wants ? (argument?.value ?? null) : null,
  };
  return { ...reading(plan), risk: etcdRisk(call) };
};
