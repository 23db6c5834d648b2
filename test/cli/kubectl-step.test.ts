import { describe, expect, it } from 'vitest';
import { closedLive } from '../../src/cli/closed-plan.ts';
import { kubectlStep } from '../../src/cli/kubectl-step.ts';
import { ok } from '../../src/kernel/failure.ts';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';
import type { Plan } from '../../src/runbooks/plan.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const planOf = (command: string): Extract<Plan, { kind: 'kubectl' }> => {
  const text = `# T\n\n## S\n\n\`\`\`sh\n${command}\n\`\`\`\n`;
  const plan = parseRunbook(text, 't.md').runbook.steps[0]?.tasks[0]?.plan;
  if (plan?.kind !== 'kubectl') throw new Error(`${command} is ${plan?.kind}`);
  return plan;
};

/** Requests that a command comes to; null where it is not read here. */
const asked = async (command: string): Promise<readonly string[] | null> => {
  const plan = planOf(command);
  const sent: string[] = [];
  const kubernetes = {
    get: async (path: string) => {
      sent.push(decodeURIComponent(path));
      return ok('{"items":[]}');
    },
  };
  const world = worldOf({});
  const deps = { kubernetes, clock: new FakeClock(now), world: () => world, namespace: 'shop' };
  const got = await kubectlStep(deps, plan, new AbortController().signal);
  expect(closedLive(plan) === '').toBe(got !== null);
  return got === null ? null : sent;
};

const pods = '/apis/metrics.k8s.io/v1beta1';

describe('what kubectl would read, without kubectl', () => {
  it.each([
    ['kubectl events', '/api/v1/namespaces/shop/events?limit=200'],
    ['kubectl events -A', '/api/v1/events?limit=200'],
    [
      'kubectl events -n pay --types=Warning',
      '/api/v1/namespaces/pay/events?limit=200&fieldSelector=type=Warning',
    ],
    [
      'kubectl events -n pay --for pod/a',
      '/api/v1/namespaces/pay/events?limit=200&fieldSelector=involvedObject.kind=Pod,involvedObject.name=a',
    ],
    [
      'kubectl events --for node/n',
      '/api/v1/namespaces/default/events?limit=200&fieldSelector=involvedObject.kind=Node,involvedObject.name=n',
    ],
    ['kubectl top pods', `${pods}/namespaces/shop/pods?limit=200`],
    [
      'kubectl top pod -n pay -l app=x',
      `${pods}/namespaces/pay/pods?limit=200&labelSelector=app=x`,
    ],
    ['kubectl top pods -A', `${pods}/pods?limit=200`],
    ['kubectl top node n', `${pods}/nodes/n`],
    ['kubectl rollout status deploy/web -n pay', '/apis/apps/v1/namespaces/pay/deployments/web'],
    ['kubectl rollout status sts web', '/apis/apps/v1/namespaces/shop/statefulsets/web'],
    ['kubectl get pods', '/api/v1/namespaces/shop/pods?limit=200'],
  ])('given %s, then it is this request', async (command, path) => {
    expect(await asked(command)).toEqual([path]);
  });

  it.each([
    'kubectl version',
    'kubectl explain pods',
    'kubectl auth can-i get pods',
    'kubectl rollout history deploy/web',
    'kubectl api-resources',
  ])('given %s, then it is only shown', async (command) => {
    expect(await asked(command)).toBeNull();
  });

  it('given how use is to be ordered and split, then the plan says it', () => {
    expect(planOf('kubectl top pods --containers --sort-by=memory').usage).toEqual({
      by: 'memory',
      containers: true,
    });
    expect(planOf('kubectl top nodes').usage).toEqual({ by: 'cpu', containers: false });
  });
});
