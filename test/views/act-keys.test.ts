import { describe, expect, it } from 'vitest';
import { boardWithNotes } from '../support/board.ts';
import { alertedEvening } from '../support/view-world.ts';

/** The wish that was handed on last. */
const wish = (done: readonly string[]): unknown =>
  JSON.parse(done.at(-1)?.replace(/^begin /, '') ?? 'null');

describe('keys of actions', () => {
  it('given a member of etcd under the cursor, then its keys ask for actions on it, and below the members on all of them', () => {
    const { press, board, done } = boardWithNotes({ world: alertedEvening() });
    press('2');
    const last = board.text(140, 40).split('\n').at(-1) ?? '';
    expect(last).toMatch(/c compact +d defrag +D disarm.* +m move leader +S snapshot/);
    for (const [key, action] of [
      ['c', 'etcd-compact'],
      ['d', 'etcd-defrag'],
      ['D', 'etcd-disarm'],
      ['m', 'etcd-move-leader'],
      ['S', 'etcd-snapshot'],
    ] as const) {
      press(key);
      const subject = { kind: 'etcd', cluster: 'payments', member: 'etcd-0' };
      expect(wish(done)).toMatchObject({ action, subject });
    }
    press('down', 'down', 'down', 'd');
    expect(wish(done)).toMatchObject({
      action: 'etcd-defrag',
      subject: { kind: 'etcd', cluster: 'payments', member: '' },
    });
  });

  it('given a deployment, when :scale 3 is typed, then what stands behind it is the number', () => {
    const { command, press, done } = boardWithNotes();
    command('deploy payments');
    command('scale 3');
    expect(wish(done)).toMatchObject({
      action: 'scale',
      subject: { resource: 'deployments', namespace: 'payments', name: 'payment-gateway' },
      args: { replicas: '3' },
    });
    press('r');
    expect(wish(done)).toMatchObject({ action: 'restart', args: {} });
  });

  it('given an alert, when s is pressed twice, then a silence of it is asked for with its labels', () => {
    const { press, type, place, done, board } = boardWithNotes({ world: alertedEvening() });
    press('5', '/');
    type('KubeNodeNotReady');
    press('enter', 's');
    expect(place().view).toBe('silence');
    expect(board.text(120, 40).split('\n').at(-1)).toContain('s silence');
    press('s');
    expect(wish(done)).toEqual({
      action: 'silence-create',
      subject: { kind: 'alerts', cluster: '' },
      args: {
        matchers: '{alertname="KubeNodeNotReady", node="worker-7", severity="warning"}',
        duration: '2h',
      },
      origin: 'screen',
    });
  });

  it('given an alert under the cursor, when :silence is typed, then its silence is on screen; with words, they are the matchers', () => {
    const { press, type, command, place, done } = boardWithNotes({ world: alertedEvening() });
    press('5', '/');
    type('KubeNodeNotReady');
    press('enter');
    command('silence');
    expect(place().view).toBe('silence');
    press('esc');
    command('silence node="worker-7" 4h it is being replaced');
    expect(wish(done)).toMatchObject({
      args: { matchers: 'node="worker-7"', duration: '4h', comment: 'it is being replaced' },
    });
  });

  it('given a silenced alert, when x is pressed on its silence, then its end is asked for', () => {
    const { press, type, board, done } = boardWithNotes({ world: alertedEvening() });
    press('5', '/');
    type('NodeClockSkew');
    press('enter', 'enter');
    for (let i = 0; i < 40 && !/x end silence/.test(board.text(120, 40)); i += 1) press('down');
    press('x');
    expect(wish(done)).toMatchObject({
      action: 'silence-expire',
      subject: { kind: 'alerts', cluster: '' },
      args: { silence: 's1' },
    });
  });

  it('given :break-glass, then a reason and a ticket are asked for, and too little of either is not taken', () => {
    const { command, press, type, session, done } = boardWithNotes();
    command('break-glass');
    type('no');
    press('enter');
    expect(session.get().prompt).toMatchObject({ kind: 'glass', reason: null });
    expect(session.get().prompt).toMatchObject({ wrong: expect.stringContaining('10 characters') });
    type(' etcd has no quorum');
    press('enter', 'enter');
    expect(session.get().prompt).toMatchObject({ wrong: expect.stringContaining('ticket') });
    type('INC-42');
    press('enter');
    expect(done).toEqual(['break no etcd has no quorum / INC-42']);
    command('mend-glass');
    expect(done.at(-1)).toBe('mend');
  });

  it('given :break-glass, when esc is pressed, then nothing is broken', () => {
    const { command, press, session, done } = boardWithNotes();
    command('break-glass');
    press('esc');
    expect([session.get().prompt, done]).toEqual([null, []]);
  });
});
