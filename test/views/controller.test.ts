import { describe, expect, it } from 'vitest';
import { boardWithNotes as dashboard } from '../support/board.ts';

describe('keys that go somewhere', () => {
  it.each([
    ['1', 'control-plane', {}],
    ['3', 'explorer', { resource: 'nodes' }],
    ['4', 'explorer', { resource: 'pods' }],
    ['2', 'etcd', {}],
    ['5', 'alerts', {}],
  ])('given %s, then that part is on screen', (key, view, args) => {
    const { press, place } = dashboard();
    press(key);
    expect(place()).toMatchObject({ view, args });
  });

  it('given a digit of nothing and a key of nothing, then nothing happens', () => {
    const { press, session, done } = dashboard();
    const before = session.get();
    press('9', '8', 'ctrl-q', 'Ж', 'shift-tab');
    expect(session.get()).toEqual(before);
    expect(done).toEqual([]);
  });

  it('given a pod under the cursor, when it is opened, described, and its owner is asked for, then it is loaded', () => {
    const { press, command, place, done } = dashboard();
    command('po payments');
    press('y');
    expect(place()).toMatchObject({
      view: 'yaml',
      args: { resource: 'pods', namespace: 'payments' },
    });
    press('esc', 'enter');
    expect(place().view).toBe('describe');
    expect(done.filter((d) => d.startsWith('load')).length).toBe(2);
  });

  it('given esc, then help goes first, then the filter, then the place, and at home nothing', () => {
    const { press, type, place, session } = dashboard();
    press('4', '/');
    type('gate');
    press('enter', '?');
    expect(session.get()).toMatchObject({ help: true, prompt: null });
    press('esc');
    expect([session.get().help, place().filter]).toEqual([false, 'gate']);
    press('esc');
    expect([place().view, place().filter]).toEqual(['explorer', '']);
    press('esc', 'esc');
    expect(session.get().stack.length).toBe(1);
  });

  it('given home, when a filter is asked for, then it is typed over all findings, and esc leads back', () => {
    const { press, type, place } = dashboard();
    press('/');
    type('gate');
    expect(place()).toMatchObject({ view: 'broken', filter: 'gate' });
    press('enter', 'esc', 'esc');
    expect(place().view).toBe('home');
  });

  it('given help, then keys of the view under it do nothing, and a filter closes it', () => {
    const { press, place, session } = dashboard();
    press('4');
    const before = place();
    press('?', 'w', 'z', 'N', 'd', 'l', 'enter');
    expect(place()).toEqual(before);
    press('/');
    expect(session.get()).toMatchObject({ help: false, prompt: { kind: 'filter' } });
  });
});

describe('prompts', () => {
  it('given a filter that is typed, then the list narrows at once, and esc brings back what was', () => {
    const { press, type, place } = dashboard();
    press('4', '/');
    type('gate');
    expect(place().filter).toBe('gate');
    press('backspace');
    expect(place().filter).toBe('gat');
    press('esc');
    expect(place().filter).toBe('');
  });

  it('given words, when ctrl-w and ctrl-u are pressed, then a word and all are erased; nothing erased closes it', () => {
    const { press, type, session } = dashboard();
    type(':po payments');
    press('ctrl-w');
    expect(session.get().prompt?.text).toBe('po ');
    press('ctrl-u');
    expect(session.get().prompt?.text).toBe('');
    press('backspace');
    expect(session.get().prompt).toBeNull();
  });

  it('given more than a prompt holds, then the rest is left out, and no character is cut in two', () => {
    const { board, press, session } = dashboard();
    press(':');
    board.paste('👩'.repeat(300));
    expect([...(session.get().prompt?.text ?? '')].length).toBe(200);
    expect(session.get().prompt?.text.isWellFormed()).toBe(true);
  });

  it('given a paste with control characters, then none gets in, and without a prompt it does nothing', () => {
    const { board, press, session, notice, done } = dashboard();
    board.paste('q:q\r');
    expect(notice()).toContain('ignored');
    expect(done).toEqual([]);
    press(':');
    board.paste('po\r\n\u001b[31mpay\u0007\u202e');
    expect(session.get().prompt?.text).toBe('po pay');
  });

  it('given commands typed before, when up and down are pressed, then they come and go', () => {
    const { press, command, session } = dashboard();
    command('pods');
    command('nodes');
    press(':', 'up');
    expect(session.get().prompt?.text).toBe('nodes');
    press('up', 'up', 'up');
    expect(session.get().prompt?.text).toBe('pods');
    press('down', 'down', 'down');
    expect(session.get().prompt?.text).toBe('');
  });
});

describe('the history', () => {
  it('given four commands, when walked through, then each is reached, and a new one is the last again', () => {
    const { press, command, place } = dashboard();
    for (const c of ['pods', 'nodes', 'deploy', 'svc']) command(c);
    const walked = ['[', '[', '[', '[', ']', ']', ']', ']'].map((key) => {
      press(key);
      return place().args.resource;
    });
    expect(walked).toEqual([
      'deployments',
      'nodes',
      'pods',
      'pods',
      'nodes',
      'deployments',
      'services',
      'services',
    ]);
    command('events');
    press('-');
    expect(place().args.resource).toBe('services');
    press('-');
    expect(place().args.resource).toBe('events');
  });
});

describe('commands', () => {
  it.each([
    ['q', 'quit'],
    ['theme light', 'theme light'],
    ['ctx staging', 'switch staging'],
    ['po payments', 'focus pods payments'],
  ])('given :%s, then %s', (text, effect) => {
    const { command, done } = dashboard();
    command(text);
    expect(done).toEqual([effect]);
  });

  it('given a namespace, then it holds for what follows, until 0 takes it away', () => {
    const { press, command, session } = dashboard();
    command('ns payments');
    expect(session.get().namespace).toBe('payments');
    command('pods');
    press('0');
    expect(session.get().namespace).toBe('');
  });

  it.each(['ctx staging', 'theme light', 'po @staging'])(
    'given :%s that is refused, then it says why',
    (text) => {
      const { command, notice } = dashboard({ refuse: 'not now' });
      command(text);
      expect(notice()).toBe('not now');
    },
  );

  it('given a command that is none, then the nearest is named, and it is not in the history', () => {
    const { command, notice, session } = dashboard();
    command('dpeloyments');
    expect(notice()).toContain('did you mean :deployments?');
    expect(session.get().history).toEqual([]);
  });

  it.each(['exec', 'attach', 'edit', 'pf', 'drain'])(
    'given :%s, which is closed for good, then it says why, and what to do instead',
    (text) => {
      const { command, notice, done } = dashboard();
      command(text);
      expect(notice()).toMatch(/closed for good: .*Elsewhere: /);
      expect(done).toEqual([]);
    },
  );
});

describe('actions and effects', () => {
  it('given a pod, when keys that are closed for good are pressed, then each says why, and nothing reaches outside', () => {
    const { press, command, notice, done } = dashboard();
    command('po payments');
    done.length = 0;
    for (const key of ['a', 'e', 'F']) {
      press(key);
      expect(`${key} ${notice()}`).toMatch(/closed for good: .*Elsewhere: /);
    }
    expect(done).toEqual([]);
  });

  it('given a node under the cursor, when :cordon is typed, then that node is asked for, with the uid that is looked at', () => {
    const { command, press, type, done } = dashboard();
    command('nodes');
    press('/');
    type('worker-1');
    press('enter');
    done.length = 0;
    command('cordon');
    expect(JSON.parse(done[0]?.replace('begin ', '') ?? '')).toEqual({
      action: 'cordon',
      subject: {
        kind: 'object',
        resource: 'nodes',
        namespace: '',
        name: 'worker-1',
        uid: 'uid--worker-1',
      },
      args: {},
      origin: 'screen',
    });
  });

  it('given nothing of its kind under the cursor, when an action is named, then it says what it is about', () => {
    const { command, notice, done } = dashboard();
    command('po payments');
    done.length = 0;
    command('cordon');
    expect(notice()).toContain('cordon is about nodes');
    expect(done).toEqual([]);
  });

  it('given a refusal, when an action is asked for, then it is told, with what to run elsewhere', () => {
    const { command, notice } = dashboard({ refuse: 'nothing is done from this session' });
    command('nodes');
    command('cordon');
    expect(notice()).toMatch(/nothing is done from this session\. Elsewhere: kubectl cordon \S+$/);
  });

  it('given c, ctrl-l, ctrl-z and q, then they reach who can do it', () => {
    const { press, command, done } = dashboard();
    command('po payments');
    done.length = 0;
    press('c', 'ctrl-l', 'ctrl-z', 'q', 'ctrl-c');
    expect(done).toEqual([expect.stringMatching(/^copy \S/), 'redraw', 'suspend', 'quit', 'quit']);
  });

  it('given a replay, then the recording has its keys', () => {
    const { press, type, done, notice } = dashboard({ replay: true, refuse: 'not a time' });
    press('space', 'right', 'left', ']', '[', '}', '{', '+', '=', '_', '<', '>', 't');
    type('21:43');
    press('enter');
    expect(done).toEqual([
      'toggle',
      'step 1',
      'step -1',
      'moment 1',
      'moment -1',
      'moment 1 mark',
      'moment -1 mark',
      'faster 1',
      'faster 1',
      'faster -1',
      'ends start',
      'ends end',
      'seek 21:43',
    ]);
    expect(notice()).toBe('not a time');
  });

  it('given a moment that one goes to, then it is said what happened there', () => {
    const { press, notice } = dashboard({ replay: true });
    press(']');
    expect(notice()).toBe('what happened 1');
    press('left');
    expect(notice()).toBe('');
  });
});
