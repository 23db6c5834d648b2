import { describe, expect, it } from 'vitest';
import { evidencePerRun, type Run } from '../../src/kernel/run.ts';
import { type RunFact, visitsKept } from '../../src/kernel/run-fact.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { runs, runsKept } from '../../src/probes/runs.ts';
import { evidence, foldAll, Walk } from '../runbooks/machine/a-book.ts';

const said = { run: 'r1', at: 5000, by: 'ben' };
const entered = (visit: number, step: string, way: 'next' | 'branch' = 'next'): RunFact => ({
  kind: 'entered',
  ...said,
  visit,
  step,
  title: step,
  way,
});
const chosen = (visit: number, to: string): RunFact => ({
  kind: 'chosen',
  ...said,
  visit,
  to,
  label: to,
  edge: null,
  suggested: 'none',
  why: '',
});

const runAfter = (walk: Walk, ...facts: readonly RunFact[]): Run => {
  const run = foldAll(facts, walk.state).state.get(walk.id);
  if (run === undefined) throw new Error('no run');
  return run;
};

describe('runs', () => {
  it('given a run from its beginning to its end, when told, then each thing that matters is one line', () => {
    const walk = new Walk();
    walk.do({ kind: 'skip', reason: 'nobody answers' });
    walk.do({ kind: 'attach', visit: 2, evidence: evidence({ values: [1] }) });
    walk.do({ kind: 'attach', visit: 2, evidence: evidence({ exit: 'failed', asked: 'GET up' }) });
    walk.do({ kind: 'choose', branch: 0 });
    walk.do({ kind: 'next' });
    walk.do({ kind: 'note', text: 'two\nlines' });
    walk.do({ kind: 'finish', note: 'it healed itself' });
    const { changes } = foldAll(walk.facts);
    const book = 'runbook etcd members lost: ';
    expect(changes.map(({ tone, text }) => `${tone} ${text.replace(book, '')}`)).toEqual([
      'info begun by ana for etcdMembersDown',
      'info step Step look',
      'warn ana skipped Step look: nobody answers',
      'info step Step quorum',
      'warn up failed: GET up',
      'info ana chose “yes” at Step quorum, not what the rule suggested',
      'info step Step wait',
      'info step Step quorum, time 2',
      'info note of ana: two lines',
      'good done, says ana: it healed itself',
    ]);
    expect(changes.every(({ key, probe }) => key === 'r1' && probe === 'runs')).toBe(true);
  });

  it('given what was there when we began, when folded, then it stands and is no news', () => {
    const walk = new Walk();
    const { state, changes } = runs.fold(
      runs.empty,
      walk.facts.map((data, i) => ({
        rev: revision(i + 1),
        at: epochMs(1),
        scope: '',
        data,
        settled: false,
      })),
    );
    expect(state).toEqual(walk.state);
    expect(changes).toEqual([]);
  });

  it('given two who go on from the same visit, when folded, then the first in the file counts', () => {
    const walk = new Walk().toQuorum();
    const run = runAfter(
      walk,
      chosen(2, 'wait'),
      entered(3, 'wait', 'branch'),
      chosen(2, 'restore'),
      entered(3, 'restore', 'branch'),
    );
    expect(run.visits.map(({ step }) => step)).toEqual(['look', 'quorum', 'wait']);
    expect(run.visits[1]?.chosen?.to).toBe('wait');
  });

  it('given a choice whose move was lost, when another is chosen, then only that one can be followed', () => {
    const walk = new Walk().toQuorum();
    const both = [chosen(2, 'wait'), chosen(2, 'restore')] as const;
    expect(runAfter(walk, ...both, entered(3, 'wait', 'branch')).visits).toHaveLength(2);
    const run = runAfter(walk, ...both, entered(3, 'restore', 'branch'));
    expect(run.visits.at(-1)?.step).toBe('restore');
  });

  it('given an answer that comes late, when the run has gone on, then it belongs to the visit that asked', () => {
    const walk = new Walk().toQuorum();
    walk.do({ kind: 'choose', branch: 0 });
    const run = runAfter(walk, { kind: 'output', ...said, visit: 2, evidence: evidence() });
    expect(run.visits.map((v) => v.evidence.length)).toEqual([0, 1, 0]);
  });

  it('given facts of a run that nobody began, or that is over, when folded, then nothing comes of them', () => {
    expect(foldAll([{ kind: 'note', ...said, text: 'x' }]).state.size).toBe(0);
    const walk = new Walk();
    walk.do({ kind: 'abandon', reason: 'x' });
    const run = runAfter(walk, entered(2, 'wait'), { kind: 'done', ...said, note: '' });
    expect(run).toBe(walk.run);
  });

  it('given more evidence than is kept, when folded, then the oldest goes first', () => {
    const walk = new Walk().toQuorum();
    const all = Array.from(
      { length: evidencePerRun + 5 },
      (_, i): RunFact => ({
        kind: 'output',
        ...said,
        visit: i < 3 ? 1 : 2,
        evidence: evidence({ took: i }),
      }),
    );
    const run = runAfter(walk, ...all);
    expect(run.visits.map((v) => v.evidence.length)).toEqual([0, evidencePerRun]);
    expect(run.visits[1]?.evidence[0]?.took).toBe(5);
  });

  it('given more steps than anybody goes, when folded, then the run stays at the last of them', () => {
    const walk = new Walk();
    const all = Array.from({ length: visitsKept + 5 }, (_, i) => entered(i + 2, `s${i + 2}`));
    expect(runAfter(walk, ...all).visits).toHaveLength(visitsKept);
  });

  it('given more runs than are kept, when folded, then one that has ended goes first, then the oldest', () => {
    const started = (n: number): RunFact => ({
      kind: 'started',
      ...said,
      run: `r${n}`,
      runbook: { path: 'x.md', title: 'x', hash: '' },
      alert: null,
    });
    const all = Array.from({ length: runsKept }, (_, i) => started(i));
    const ended: RunFact = { kind: 'abandoned', ...said, run: 'r7', reason: 'x' };
    const { state } = foldAll([...all, ended, started(1000), started(1001)]);
    expect(state.size).toBe(runsKept);
    expect([...state.keys()].slice(0, 8)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r8', 'r9']);
  });
});
