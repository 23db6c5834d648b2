import { describe, expect, it } from 'vitest';
import { requestText } from '../../src/actions/request-text.ts';
import { rightText } from '../../src/kernel/act.ts';
import { effectGuards } from '../support/effect-guards.ts';
import { samplePlan, sampleWishes, silenceId } from '../support/sample-acts.ts';

const patch = '?fieldManager=midwatch';
const member = (n: number) => `https://10.88.0.${n + 1}:2379`;
const look = [0, 1, 2].map((n) => `POST ${member(n)}/v3/maintenance/status {}`);
const turn = (n: number) => [...look, `POST ${member(n)}/v3/maintenance/defragment {}`];
const gateway = '/apis/apps/v1/namespaces/payments/deployments/gateway';

/** What is sent, to the letter, and what the server has to allow. */
const sent: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  cordon: [
    [
      `PATCH /api/v1/nodes/worker-1${patch} {"metadata":{"uid":"uid--worker-1"},"spec":{"unschedulable":true}}`,
    ],
    ['patch nodes worker-1'],
  ],
  uncordon: [
    [
      `PATCH /api/v1/nodes/worker-1${patch} {"metadata":{"uid":"uid--worker-1"},"spec":{"unschedulable":false}}`,
    ],
    ['patch nodes worker-1'],
  ],
  restart: [
    [
      `PATCH ${gateway}${patch} {"metadata":{"uid":"uid-payments-gateway"},"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-11-23T21:43:00Z"}}}}}`,
    ],
    ['patch deployments.apps gateway in payments'],
  ],
  scale: [
    [
      `PATCH ${gateway}/scale${patch} [{"op":"test","path":"/metadata/uid","value":"uid-payments-gateway"},{"op":"test","path":"/spec/replicas","value":3},{"op":"add","path":"/spec/replicas","value":5}]`,
    ],
    ['patch deployments/scale.apps gateway in payments'],
  ],
  'delete-pod': [
    [
      'DELETE /api/v1/namespaces/payments/pods/gateway-7f9-a {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"uid-payments-gateway-7f9-a"}}',
    ],
    ['delete pods gateway-7f9-a in payments'],
  ],
  annotate: [
    [
      `PATCH ${gateway}${patch} {"metadata":{"uid":"uid-payments-gateway","annotations":{"midwatch.dev/incident":"leaks memory, INC-7","midwatch.dev/incident-by":"jo","midwatch.dev/incident-at":"2026-11-23T21:43:00Z"}}}`,
    ],
    ['patch deployments.apps gateway in payments'],
  ],
  'silence-create': [
    [
      'POST /api/v2/silences at am-0 {"matchers":[{"name":"alertname","value":"Down","isRegex":false,"isEqual":true}],"startsAt":"2026-11-23T21:43:00.000Z","endsAt":"2026-11-23T23:43:00.000Z","createdBy":"jo","comment":"known, INC-7"}',
    ],
    [],
  ],
  'silence-expire': [[`DELETE /api/v2/silence/${silenceId} at am-0`], []],
  'etcd-status': [look, []],
  'etcd-alarms': [look, []],
  'etcd-compact': [[`POST ${member(0)}/v3/kv/compaction {"revision":"39002","physical":true}`], []],
  'etcd-defrag': [[...turn(1), ...turn(2), ...turn(0), ...look], []],
  'etcd-disarm': [
    [
      `POST ${member(0)}/v3/maintenance/alarm {"action":"DEACTIVATE","memberID":"9372538179322589801","alarm":"NOSPACE"}`,
    ],
    [],
  ],
  'etcd-move-leader': [
    [`POST ${member(0)}/v3/maintenance/transfer-leadership {"targetID":"18249187646912138824"}`],
    [],
  ],
  'etcd-snapshot': [[`POST ${member(1)}/v3/maintenance/snapshot to /var/tmp/payments.db`], []],
};

describe('what actions send', () => {
  it.each(Object.keys(sampleWishes))(
    'given %s, when it is planned, then exactly this is sent',
    (id) => {
      const plan = samplePlan(id);
      expect([plan.requests.map(requestText), plan.rights.map(rightText)]).toEqual(sent[id]);
    },
  );

  it.each(Object.keys(sampleWishes).map((id) => [id, samplePlan(id)] as const))(
    'given %s, when it leaves, then the guards of the connections know it, and in read-only only what reads',
    (_, plan) => {
      for (const request of plan.requests) {
        expect(effectGuards('guarded')(request)).toBeNull();
        const closed = effectGuards('read-only')(request);
        if (plan.effect === 'read') expect(closed).toBeNull();
        else if (requestText(request).includes('/maintenance/status')) expect(closed).toBeNull();
        else expect(closed).toMatch(/read-only/);
      }
    },
  );
});
