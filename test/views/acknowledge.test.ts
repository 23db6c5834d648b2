import { describe, expect, it } from 'vitest';
import type { World } from '../../src/kernel/world.ts';
import { acknowledgements } from '../../src/probes/acknowledgements.ts';
import { fingerprintOf } from '../support/alert-world.ts';
import { boardWithNotes } from '../support/board.ts';
import { ago } from '../support/objects.ts';
import { withScopes } from '../support/scenes.ts';
import { alertedEvening, crashLabels } from '../support/view-world.ts';

const nodeAlert = fingerprintOf({
  alertname: 'KubeNodeNotReady',
  severity: 'warning',
  node: 'worker-7',
});

const acknowledged = (world: World): World => {
  const ack = {
    fingerprint: nodeAlert,
    name: 'KubeNodeNotReady',
    at: ago(60),
    by: 'ana',
    note: '',
    withdrawn: false,
  };
  const id = acknowledgements.id as string;
  const scoped = withScopes(world, id, new Map([['', { kind: 'fresh', heard: ago(3) } as const]]));
  const slices = new Map(scoped.slices);
  slices.set(acknowledgements.id, {
    state: new Map([[nodeAlert, ack]]),
    scopes: new Map([['', { kind: 'fresh', heard: ago(3) } as const]]),
  });
  return { ...scoped, slices };
};

const onNodeAlert = (options: Parameters<typeof boardWithNotes>[0] = {}) => {
  const board = boardWithNotes({ world: alertedEvening(), ...options });
  board.press('5', '/');
  board.type('worker-7');
  board.press('enter');
  return board;
};

describe('acknowledging an alert', () => {
  it('given a, when a note is typed and enter is pressed, then the note is handed over', () => {
    const { press, type, done, notice, session } = onNodeAlert();
    press('a');
    expect(session.get().prompt?.kind).toBe('note');
    type('on it');
    press('enter');
    expect(done).toEqual([`acknowledge ${nodeAlert} on it`]);
    expect(notice()).toContain('KubeNodeNotReady: acknowledged; it still fires');
  });

  it('given a, when enter follows at once, then it is acknowledged without a note; esc leaves it', () => {
    const { press, done, session } = onNodeAlert();
    press('a', 'esc');
    expect(done).toEqual([]);
    expect(session.get().prompt).toBeNull();
    press('a', 'enter');
    expect(done).toEqual([`acknowledge ${nodeAlert}`]);
  });

  it('given one that is acknowledged, when a is pressed, then it is taken back without a question', () => {
    const { press, done, notice } = onNodeAlert({ world: acknowledged(alertedEvening()) });
    press('a');
    expect(done).toEqual([`withdraw ${nodeAlert}`]);
    expect(notice()).toContain('acknowledgement taken back');
  });

  it('given a group, then all of it is acknowledged with one note', () => {
    const { press, type, done } = boardWithNotes({ world: alertedEvening() });
    press('5', '/');
    type('crashloop');
    press('enter', 'a', 'enter');
    expect(done).toEqual(
      [0, 1, 2].map((n) => `acknowledge ${fingerprintOf(crashLabels(n))}`).sort(),
    );
  });

  it('given a refusal, then it is told once', () => {
    const { press, notice, done } = onNodeAlert({ refuse: 'the disk is full' });
    press('a', 'enter');
    expect(notice()).toBe('the disk is full');
    expect(done.length).toBe(1);
  });

  it('given no alert under the cursor, then it says that only alerts are acknowledged', () => {
    const { press, notice, done } = boardWithNotes({ world: alertedEvening() });
    press('a');
    expect(notice()).toBe('only alerts can be acknowledged');
    expect(done).toEqual([]);
  });

  it('given H, then what is acknowledged is hidden, and H again shows it', () => {
    const { press, board } = onNodeAlert({ world: acknowledged(alertedEvening()) });
    expect(board.text(120, 40)).toContain('ack by ana');
    press('H');
    expect(board.text(120, 40)).toContain('H shows');
    press('H');
    expect(board.text(120, 40)).toContain('ack by ana');
  });
});

describe('keys of alerts and of etcd', () => {
  it('given an alert, when o is pressed, then its object is described, and s opens the silence', () => {
    const { press, place } = onNodeAlert();
    press('o');
    expect(place()).toMatchObject({
      view: 'describe',
      args: { resource: 'nodes', name: 'worker-7' },
    });
    press('esc', 's');
    expect(place()).toMatchObject({ view: 'silence', args: { alert: nodeAlert } });
  });
});
