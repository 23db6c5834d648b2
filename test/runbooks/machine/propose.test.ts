import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { changedUnder } from '../../../src/runbooks/machine/changed.ts';
import { openRunsOf, startRun } from '../../../src/runbooks/machine/start-run.ts';
import { timersOf, walked } from '../../../src/runbooks/machine/walked.ts';
import { aBook, aRunbook, evidence, foldAll, Walk } from './a-book.ts';

describe('a walk through a runbook', () => {
  it('given an alert, when a run begins, then it stands at the first step and knows alert and text', () => {
    const walk = new Walk();
    expect(walk.run).toMatchObject({
      runbook: { title: 'etcd members lost', hash: aBook.hash },
      alert: { name: 'etcdMembersDown' },
      startedBy: 'ana',
      visits: [{ number: 1, step: 'look', way: 'start', state: { kind: 'current' } }],
    });
  });

  it('given no steps, when a run should begin, then it is refused', () => {
    const book = { ...aBook, runbook: { ...aRunbook, steps: [] } };
    const started = startRun({ run: 'r', book, alert: null }, new Walk().who('ana'));
    expect(started).toMatchObject({ ok: false, failure: { message: 'the runbook has no steps' } });
  });

  it('given a checklist with open items, when one goes on, then not before they are ticked or it is skipped', () => {
    const walk = new Walk();
    expect(walk.do({ kind: 'next' })).toBe('2 items are not ticked off');
    expect(walk.do({ kind: 'tick', task: 'list', item: 0, done: true })).toBe('');
    expect(walk.do({ kind: 'tick', task: 'list', item: 0, done: true })).toBe(
      'it is ticked off already',
    );
    expect(walk.do({ kind: 'tick', task: 'list', item: 2, done: true })).toBe(
      'there is nothing to tick off',
    );
    expect(walk.do({ kind: 'next' })).toBe('1 item is not ticked off');
    expect(walk.do({ kind: 'skip', reason: ' ' })).toBe('a skipped step needs a reason');
    expect(walk.do({ kind: 'skip', reason: 'nobody to tell' })).toBe('');
    expect(walk.place).toBe('quorum');
    expect(walk.run.visits[0]?.state).toMatchObject({ kind: 'skipped', reason: 'nobody to tell' });
  });

  it('given a rule that holds, when the operator takes the branch or the other one, then the run says which', () => {
    const walk = new Walk().toQuorum();
    expect(walk.do({ kind: 'next' })).toBe('the step has branches');
    expect(walk.do({ kind: 'choose', branch: 2 })).toBe('the step has no such branch');
    walk.do({ kind: 'attach', visit: 2, evidence: evidence({ values: [1] }) });
    walk.do({ kind: 'choose', branch: 0 });
    expect(walk.place).toBe('wait');
    expect(walk.run.visits[1]?.chosen).toMatchObject({ to: 'wait', edge: 1, suggested: 'no' });
    walk.do({ kind: 'next' });
    walk.do({ kind: 'attach', visit: 4, evidence: evidence({ values: [1] }) });
    walk.do({ kind: 'choose', branch: 1 });
    expect(walk.run.visits[3]?.chosen).toMatchObject({
      to: 'restore',
      suggested: 'yes',
      why: 'the result of up fits the rule for “no”',
    });
  });

  it('given a loop, when it is gone round, then visits are counted and edges remembered', () => {
    const walk = new Walk().toQuorum();
    for (let i = 0; i < 3; i += 1) {
      walk.do({ kind: 'choose', branch: 0 });
      walk.do({ kind: 'next' });
    }
    const edge = (from: string, to: string) =>
      ({ from, to, label: '', stroke: 'solid', head: 'arrow', tail: 'none', line: 1 }) as const;
    const edges = [edge('look', 'quorum'), edge('quorum', 'wait'), edge('quorum', 'restore')];
    const seen = walked(walk.run, { direction: 'TB', nodes: [], edges, groups: [] });
    expect([...seen.steps]).toEqual([
      ['look', { mark: 'done', times: 1 }],
      ['quorum', { mark: 'current', times: 4 }],
      ['wait', { mark: 'done', times: 3 }],
    ]);
    expect([...seen.edges]).toEqual([0, 1]);
  });

  it('given “wait 5 min and look again”, when the time is up or one goes on, then the timer is due or gone', () => {
    const walk = new Walk().toQuorum();
    expect(walk.do({ kind: 'wait', wait: seconds(0), why: '' })).toBe('that is no time to wait');
    expect(walk.do({ kind: 'wait', wait: minutes(5), why: 'let it settle' })).toBe('');
    const [timer] = timersOf([walk.run]);
    expect(timer).toMatchObject({ why: 'let it settle' });
    const until = timer?.until ?? walk.run.startedAt;
    expect(timersOf([walk.run], (until - 1) as typeof until)).toEqual([]);
    expect(timersOf([walk.run], until)).toHaveLength(1);
    walk.do({ kind: 'again' });
    expect(timersOf([walk.run])).toEqual([]);
    expect(walk.do({ kind: 'stopWaiting' })).toBe('nothing is waited for');
    expect(walk.run.visits.map(({ step }) => step)).toEqual(['look', 'quorum', 'quorum']);
  });

  it('given the last step, when it is finished, then the run is over but for notes', () => {
    const walk = new Walk();
    expect(walk.do({ kind: 'finish', note: '' })).toBe('the runbook goes on here');
    walk.do({ kind: 'jump', step: 'restore' });
    expect(walk.do({ kind: 'next' })).toBe('this is the last step');
    expect(walk.do({ kind: 'tick', task: 'by-hand', item: 0, done: true })).toBe('');
    expect(walk.do({ kind: 'finish', note: '' })).toBe('');
    expect(walk.run.ended).toMatchObject({ how: 'done', by: 'ana' });
    expect(walk.do({ kind: 'again' })).toBe('the run is done');
    expect(walk.do({ kind: 'note', text: 'post-mortem on Tuesday' })).toBe('');
    expect(openRunsOf(walk.state, 'f1')).toEqual([]);
  });

  it('given a reason, when a run is abandoned, then it is told, and without one it is refused', () => {
    const walk = new Walk();
    expect(walk.do({ kind: 'abandon', reason: '' })).toBe('an abandoned run needs a reason');
    expect(openRunsOf(walk.state, 'f1').map(({ id }) => id)).toEqual(['r1']);
    walk.do({ kind: 'abandon', reason: 'false alarm' });
    expect(walk.run.ended).toMatchObject({ how: 'abandoned', words: 'false alarm' });
  });

  it('given a value, when it does not fit its parameter or there is none, then it is refused', () => {
    const walk = new Walk();
    expect(walk.do({ kind: 'value', name: 'pod', value: 'x' })).toBe(
      'the runbook has no such parameter',
    );
    expect(walk.do({ kind: 'value', name: 'namespace', value: 'a/b' })).toContain('a namespace');
    expect(walk.do({ kind: 'value', name: 'namespace', value: 'payments' })).toBe('');
    expect(walk.run.values).toEqual({ namespace: 'payments' });
  });

  it('given evidence of a task that the step does not have, when it is attached, then it is refused', () => {
    const walk = new Walk().toQuorum();
    const other = evidence({ task: 'rm' });
    expect(walk.do({ kind: 'attach', visit: 2, evidence: other })).toBe(
      'the step has no such task',
    );
    expect(walk.do({ kind: 'attach', visit: 9, evidence: evidence() })).toBe(
      'the step has no such task',
    );
    walk.do({ kind: 'choose', branch: 0 });
    expect(walk.do({ kind: 'attach', visit: 2, evidence: evidence() })).toBe('');
    expect(walk.run.visits[1]?.evidence).toHaveLength(1);
  });
});

describe('a file that changes under a run', () => {
  const newer = { ...aBook, hash: 'b'.repeat(64) };

  it('given another text, when one goes on, then it is said, and both are offered', () => {
    const walk = new Walk();
    expect(changedUnder(walk.run, newer.hash)).toBe(true);
    const refused = 'the runbook has changed since the run began';
    expect(walk.do({ kind: 'jump', step: 'wait' }, newer)).toBe(refused);
    expect(walk.do({ kind: 'note', text: 'who edits now?' }, newer)).toBe('');
  });

  it('given that the old text is kept, when one goes on with it, then nobody is asked again', () => {
    const walk = new Walk();
    expect(walk.do({ kind: 'keep' })).toBe('the runbook has not changed');
    expect(walk.do({ kind: 'keep' }, newer)).toBe('');
    expect(changedUnder(walk.run, newer.hash)).toBe(false);
    expect(walk.do({ kind: 'keep' }, newer)).toBe('that is what the run does already');
    expect(walk.do({ kind: 'jump', step: 'wait' })).toBe('');
    expect(changedUnder(walk.run, 'c'.repeat(64))).toBe(true);
  });

  it('given that the new text is taken, when the step is still in it, then the run stays there', () => {
    const walk = new Walk().toQuorum();
    expect(walk.do({ kind: 'adopt', step: null }, newer)).toBe('');
    expect(walk.run.runbook.hash).toBe(newer.hash);
    expect(walk.place).toBe('quorum');
    expect(walk.run.visits).toHaveLength(2);
    expect(walk.do({ kind: 'choose', branch: 0 }, newer)).toBe('');
  });

  it('given that the step is not in the new text, when it is taken, then the operator says where to go on', () => {
    const walk = new Walk().toQuorum();
    const steps = aRunbook.steps.filter(({ id }) => id !== 'quorum');
    const other = { ...newer, runbook: { ...aRunbook, steps } };
    expect(walk.do({ kind: 'adopt', step: null }, other)).toBe(
      'the new text does not have this step',
    );
    expect(walk.do({ kind: 'adopt', step: 'restore' }, other)).toBe('');
    expect(walk.place).toBe('restore');
    expect(foldAll(walk.facts).state).toEqual(walk.state);
  });
});
