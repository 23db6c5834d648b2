import { describe, expect, it } from 'vitest';
import { usualClass } from '../../../src/actions/policy.ts';
import { minutes } from '../../../src/kernel/units.ts';
import { gateway, noted, otherGateway, said } from '../../support/log-items.ts';
import { type LogStageOptions, logStage } from '../../support/log-stage.ts';

const opened = async (options: LogStageOptions = {}) => {
  const stage = logStage(options);
  stage.onPod('4crcm');
  stage.press('l');
  await stage.settle();
  return stage;
};

const ageOf = (stage: Awaited<ReturnType<typeof opened>>) => {
  const { since } = stage.asked.at(-1)?.bounds ?? {};
  return since?.kind === 'age' ? since.age : since;
};

const withLines = async (options: LogStageOptions = {}) => {
  const stage = await opened(options);
  await stage.says(
    ...Array.from({ length: 60 }, (_, i) =>
      said(
        i * 1000,
        i % 10 === 3 ? `ERROR ${i} refused` : `line ${i}`,
        i % 2 === 0 ? gateway : otherGateway,
      ),
    ),
  );
  return stage;
};

/** The line under the cursor. */
const under = (stage: Awaited<ReturnType<typeof opened>>): string => {
  const { lines, selected } = stage.board.screen(120, 30);
  return (lines[selected] ?? []).map((s) => s.text).join('');
};

describe('windows of logs', () => {
  it('given l on a pod, then its logs are followed within the default, and the title says so', async () => {
    const stage = await opened();
    expect(stage.place().view).toBe('logs');
    expect(ageOf(stage)).toBe(minutes(10));
    expect(stage.asked.at(-1)?.bounds.lease).toBe(minutes(30));
    expect(stage.text()).toContain('[10m default]');
    expect(stage.audit.map((f) => f.kind)).toContain('started');
  });

  it('given a digit, then another window is asked for, and the one before ends', async () => {
    const stage = await opened();
    stage.press('3');
    await stage.settle();
    expect(ageOf(stage)).toBe(minutes(5));
    expect(stage.open[0]?.signal.aborted).toBe(true);
    expect(stage.text()).toContain('[5m]');
    stage.press('0');
    await stage.settle();
    expect(ageOf(stage)).toBe(minutes(10));
  });

  it('given more than the policy has, then nothing is read until somebody says why', async () => {
    const stage = await withLines();
    stage.press('6');
    await stage.settle();
    expect(stage.asked).toHaveLength(1);
    expect(stage.text()).toContain('the limit is 15m');
    expect(stage.text()).toContain('line 59');
    stage.type('short');
    stage.press('enter');
    expect(stage.prompt()).toMatchObject({
      kind: 'log',
      hint: expect.stringContaining('10 characters'),
    });
    stage.type('orders fail since noon, INC-7');
    stage.press('enter');
    await stage.settle();
    expect(stage.asked).toHaveLength(2);
    expect(ageOf(stage)).toBe(minutes(60));
    expect(stage.audit.find((f) => f.kind === 'confirmed' && f.reason !== '')).toMatchObject({
      reason: 'orders fail since noon, INC-7',
    });
  });

  it('given a question that is not answered, when esc, then it is declined and the lines go on', async () => {
    const stage = await withLines();
    stage.press('6');
    await stage.settle();
    stage.press('esc', 'esc');
    await stage.settle();
    expect(stage.audit.at(-1)?.kind).toBe('declined');
    expect(stage.flow()?.question).toBeNull();
    await stage.says(said(70_000, 'still here'));
    expect(stage.text()).toContain('still here');
    expect(stage.place().view).toBe('logs');
  });

  it('given no override, then it is refused with the reason', async () => {
    const never = { ...usualClass.logs, sinceMax: minutes(15), override: 'never' } as const;
    const stage = await opened({ policy: { ...usualClass, logs: never } });
    stage.press('5');
    await stage.settle();
    expect(stage.flow()?.question?.kind).toBe('refused');
    expect(stage.text()).toContain('since-limit: asked for 30m, the limit is 15m');
  });

  it('given an empty window, when L, then the newest lines are read whenever they were', async () => {
    const stage = await opened();
    stage.press('L');
    await stage.settle();
    expect(stage.asked.at(-1)?.bounds).toMatchObject({
      since: { kind: 'newest' },
      tail: 20,
      lease: null,
    });
    expect(stage.text()).toContain('[newest 20]');
  });

  it('given p, then the run before is read and not followed; again, then this one', async () => {
    const stage = await opened();
    stage.press('p');
    await stage.settle();
    expect(stage.asked.at(-1)?.bounds).toMatchObject({ previous: true, lease: null });
    expect(stage.text()).toContain('previous logs');
    stage.press('p');
    await stage.settle();
    expect(stage.asked.at(-1)?.bounds.previous).toBe(false);
  });

  it('given a command, then its target and window are asked for', async () => {
    const stage = logStage();
    stage.command('logs payments/deploy/payment-gateway since=5m container=gateway');
    await stage.settle();
    expect(stage.flow()?.reading?.intent).toMatchObject({
      subject: { resource: 'deployments', namespace: 'payments', name: 'payment-gateway' },
    });
    expect(ageOf(stage)).toBe(minutes(5));
    stage.command('logs deploy/x sinze=5m');
    expect(stage.notice()).toContain('logs take no sinze');
  });
});

describe('following logs', () => {
  it('given the end of a lease, when f, then it goes on where it was left without a line twice', async () => {
    const stage = await opened();
    await stage.says(said(0, 'one'), said(1500, 'two'));
    await stage.clock.advance(minutes(29.5));
    expect(stage.text()).toContain('R renews');
    stage.open.at(-1)?.end();
    await stage.settle();
    expect(stage.text()).toContain('f goes on');
    stage.press('f');
    await stage.settle();
    expect(stage.asked.at(-1)?.bounds.since).toMatchObject({ kind: 'time' });
    await stage.says(said(1500, 'two'), said(2500, 'three'));
    expect(stage.flow()?.reading?.lens.entries.map((e) => e.text)).toEqual(['one', 'two', 'three']);
    expect(stage.text()).toContain('[10m default]');
  });

  it('given f, then following stops and the lines stay', async () => {
    const stage = await withLines();
    stage.press('f');
    await stage.settle();
    expect(stage.open[0]?.signal.aborted).toBe(true);
    expect(stage.text()).toContain('line 59');
    expect(stage.text()).toContain('f goes on');
  });

  it('given another screen, then nothing is read any more; given esc, then nothing is kept', async () => {
    const stage = await withLines();
    stage.command('nodes');
    await stage.settle();
    expect(stage.open[0]?.signal.aborted).toBe(true);
    stage.press('esc');
    expect(stage.text()).toContain('line 59');
    stage.press('esc');
    expect(stage.flow()).toBeNull();
  });

  it('given new lines, then the end stays in sight until one moves away from it', async () => {
    const stage = await withLines();
    expect(under(stage)).toContain('line 59');
    await stage.says(said(70_000, 'newer'));
    expect(under(stage)).toContain('newer');
    stage.press('k', 'k');
    expect(under(stage)).toContain('line 58');
    await stage.says(said(71_000, 'newest'));
    expect(under(stage)).toContain('line 58');
    expect(stage.text()).toContain('held here');
    stage.press('G');
    expect(under(stage)).toContain('newest');
  });
});

describe('reading logs', () => {
  it('given a filter, then all lines are looked through, counted, and n and N go from match to match', async () => {
    const stage = await withLines();
    stage.press('/');
    stage.type('refused');
    stage.press('enter');
    expect(stage.text()).toContain('6 shown, 54 left out');
    stage.press('N');
    expect(under(stage)).toContain('ERROR 43');
    stage.press('n');
    expect(under(stage)).toContain('ERROR 53');
    stage.press('n');
    expect(stage.notice()).toContain('no match after');
    stage.press('esc');
    expect(under(stage)).toContain('ERROR 53');
    stage.press('/');
    stage.type('!line');
    stage.press('enter');
    expect(stage.text()).toContain('6 shown, 54 left out');
  });

  it('given a pattern that could take for ever, then it is searched as plain text, and that is said', async () => {
    const stage = await withLines();
    stage.press('/');
    stage.type('(a+)+$');
    stage.press('enter');
    expect(stage.text()).toContain('searched as plain text');
  });

  it('given tab, then one container after the other, then all', async () => {
    const stage = await withLines();
    stage.press('tab');
    expect(stage.text()).toContain('30 shown, 30 left out');
    stage.press('tab', 'tab');
    expect(stage.place().args.source).toBeUndefined();
  });

  it('given marks, then these lines are copied and attached, without secrets', async () => {
    const stage = await opened();
    await stage.says(said(0, 'password=hunter2hunter2'), said(1, 'second'), said(2, 'third'));
    stage.press('g', 'm', 'j', 'm', 'c');
    expect(stage.copied[0]).toContain('password=[redacted]');
    expect(stage.copied[0]?.split('\n')).toHaveLength(2);
    stage.press('E');
    await stage.settle();
    expect(stage.attached[0]).toHaveLength(2);
    expect(stage.notice()).toContain('attached to pods crash');
  });

  it('given s, then lines go to a new file, redacted unless somebody asks for it', async () => {
    const stage = await opened();
    await stage.says(said(0, 'password=hunter2hunter2'));
    stage.press('s');
    stage.type('/tmp/a.log');
    stage.press('enter', 's');
    stage.type('unredacted /tmp/b.log');
    stage.press('enter');
    await stage.settle();
    expect(stage.saved).toEqual([
      ['/tmp/a.log', [expect.stringContaining('[redacted]')]],
      ['/tmp/b.log', [expect.stringContaining('hunter2')]],
    ]);
  });

  it('given a time, then the cursor goes to the first line from then on', async () => {
    const stage = await withLines();
    stage.press('T');
    stage.type('-20s');
    stage.press('enter');
    expect(stage.notice()).toContain('begin later');
    stage.press('T');
    stage.type('whenever');
    stage.press('enter');
    expect(stage.prompt()).toMatchObject({ hint: expect.stringContaining('no time') });
  });

  it('given e, then the cursor goes to what happened to the pod, and it is told', async () => {
    const stage = await opened();
    await stage.says(
      noted(-3_600_000, 'joined', 'x', 'payments/payment-gateway-7d9f8c6b5-4crcm/main'),
      said(-3_600_000, 'early', 'payments/payment-gateway-7d9f8c6b5-4crcm/main'),
      said(0, 'late', 'payments/payment-gateway-7d9f8c6b5-4crcm/main'),
    );
    stage.press('g', 'e');
    expect(stage.notice()).toMatch(/\d\d:\d\d:\d\d .+/);
  });

  it('given t, r, w and arrows, then lines are looked at otherwise', async () => {
    const stage = await opened();
    await stage.says(said(0, '{"level":"info","msg":"hello","n":1}'));
    expect(stage.text()).toContain('info hello  n=1');
    stage.press('r');
    expect(stage.text()).toContain('"msg":"hello"');
    stage.press('t', 't', 't');
    expect(stage.text()).not.toContain('21:43:00.000');
    stage.press('right');
    expect(stage.text()).toContain('from column 21');
    stage.press('left', 'w');
    expect(stage.text()).toContain('wrapped');
  });
});
