import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  newSession,
  placeNow,
  placeOf,
  reduce,
  type Session,
  type SessionEvent,
  SessionStore,
} from '../../src/views/session.ts';

const begin = newSession(placeOf('home'));
const having = (...events: readonly SessionEvent[]): Session => events.reduce(reduce, begin);
const pods: SessionEvent = { kind: 'go', view: 'explorer', args: { resource: 'pods' } };

describe('session', () => {
  it('given home, when one goes on and back, then each place is as it was left', () => {
    const there = having(pods, { kind: 'cursor', cursor: { key: 'web/a', index: 3 }, top: 2 });
    const deeper = reduce(there, { kind: 'go', view: 'describe', args: { name: 'a' } });
    expect(placeNow(deeper)).toEqual(placeOf('describe', { name: 'a' }));
    expect(placeNow(reduce(deeper, { kind: 'back' }))).toEqual(placeNow(there));
  });

  it('given the first place, when one goes back, then nothing changes at all', () => {
    expect(reduce(begin, { kind: 'back' })).toBe(begin);
  });

  it('given a walk, when one goes to a root, then there is no way back', () => {
    const home = having(pods, { kind: 'go', view: 'home', root: true });
    expect(home.stack).toEqual([placeOf('home')]);
  });

  it('given a walk of a hundred places, then the oldest are forgotten', () => {
    const walk = Array.from(
      { length: 100 },
      (_, i): SessionEvent => ({ kind: 'go', view: `v${i}` }),
    );
    const { stack } = having(...walk);
    expect(stack.length).toBe(32);
    expect(stack.at(-1)?.view).toBe('v99');
  });

  it('given a place with a filter, when it is gone to, then the filter is there', () => {
    expect(placeNow(having({ kind: 'go', view: 'explorer', filter: 'crash' })).filter).toBe(
      'crash',
    );
  });

  it('given a filter, when it changes, then the window is at the top again', () => {
    const scrolled = having(pods, { kind: 'cursor', cursor: { key: 'x', index: 50 }, top: 40 });
    const { filter, top } = placeNow(reduce(scrolled, { kind: 'filter', text: 'web' }));
    expect({ filter, top }).toEqual({ filter: 'web', top: 0 });
  });

  it('given a column, when it is sorted by twice, then the order turns; another column begins ascending', () => {
    const by = (column: string): SessionEvent => ({ kind: 'sort', column });
    expect(placeNow(having(pods, by('name'))).sort).toEqual({ column: 'name', descending: false });
    expect(placeNow(having(pods, by('name'), by('name'))).sort?.descending).toBe(true);
    expect(placeNow(having(pods, by('name'), by('name'), by('age'))).sort).toEqual({
      column: 'age',
      descending: false,
    });
  });

  it('given wide and faults, when toggled, then only the place on screen changes', () => {
    const { stack } = having(
      pods,
      { kind: 'toggle', what: 'wide' },
      { kind: 'toggle', what: 'faults' },
    );
    expect(stack.map((p) => [p.wide, p.faults])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('given help, when it is scrolled, then the cursor under it stays, and help begins at its top next time', () => {
    const here = having(pods, { kind: 'cursor', cursor: { key: 'web/a', index: 3 }, top: 2 });
    const help: SessionEvent = { kind: 'toggle', what: 'help' };
    const read = [help, { kind: 'cursor', cursor: { key: '', index: 9 }, top: 9 } as const].reduce(
      reduce,
      here,
    );
    expect(read.helpTop).toBe(9);
    expect(placeNow(read)).toEqual(placeNow(here));
    expect([help, help].reduce(reduce, read)).toMatchObject({ help: true, helpTop: 0 });
  });

  it('given help, when one goes somewhere, then it is closed', () => {
    expect(having({ kind: 'toggle', what: 'help' }, pods).help).toBe(false);
  });

  it('given a prompt, a notice and a namespace, then they are kept until they are taken away', () => {
    const prompt = { kind: 'command', text: 'po', recalled: -1 } as const;
    const notice = { tone: 'warn', text: 'no' } as const;
    const session = having(
      { kind: 'prompt', prompt },
      { kind: 'notice', notice },
      { kind: 'namespace', namespace: 'web' },
    );
    expect(session).toMatchObject({ prompt, notice, namespace: 'web' });
    expect(reduce(session, { kind: 'notice', notice })).toBe(session);
    expect(reduce(session, { kind: 'prompt', prompt: null }).prompt).toBeNull();
  });

  it('given commands, when said again, then each is in the history once, the latest last, and no more than a hundred', () => {
    const said = (command: string): SessionEvent => ({ kind: 'said', command });
    expect(having(said('a'), said('b'), said('a')).history).toEqual(['b', 'a']);
    const many = having(...Array.from({ length: 150 }, (_, i) => said(`c${i}`)));
    expect(many.history.length).toBe(100);
    expect(many.history.at(-1)).toBe('c149');
  });

  it('given a walk through the history, when a command is said, then the walk begins anew', () => {
    const walked = having({ kind: 'said', command: 'a' }, { kind: 'walked', to: 3 });
    expect(walked.walked).toBe(3);
    expect(reduce(walked, { kind: 'said', command: 'b' }).walked).toBe(0);
  });

  it('given documents, when more come than are kept, then those looked at longest ago go', () => {
    const ready = (id: string): SessionEvent => ({
      kind: 'document',
      id,
      document: { kind: 'ready', text: id },
    });
    const first = Array.from({ length: 8 }, (_, i) => ready(`d${i}`));
    const { documents } = having(...first, ready('d0'), ready('new'));
    expect([...documents.keys()]).toEqual(['d2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd0', 'new']);
  });

  it('given a change, then its subscribers are told once, and not when nothing changed', () => {
    const store = new SessionStore(begin);
    let told = 0;
    const leave = store.subscribe(() => {
      told += 1;
    });
    store.dispatch(pods);
    store.dispatch({ kind: 'back' });
    store.dispatch({ kind: 'back' });
    expect(told).toBe(2);
    leave();
    store.dispatch(pods);
    expect(told).toBe(2);
  });

  it('given any events, then there is always a place, and everything stays bounded', () => {
    const word = fc.string({ maxLength: 4 });
    const event: fc.Arbitrary<SessionEvent> = fc.oneof(
      fc.record({ kind: fc.constant('go' as const), view: word, root: fc.boolean() }),
      fc.constant({ kind: 'back' as const }),
      fc.record({
        kind: fc.constant('cursor' as const),
        cursor: fc.record({ key: word, index: fc.nat() }),
        top: fc.nat(),
      }),
      fc.record({ kind: fc.constant('filter' as const), text: word }),
      fc.record({ kind: fc.constant('sort' as const), column: word }),
      fc.record({
        kind: fc.constant('toggle' as const),
        what: fc.constantFrom('wide' as const, 'faults' as const, 'help' as const),
      }),
      fc.record({ kind: fc.constant('said' as const), command: word }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const session = events.reduce(reduce, begin);
        expect(session.stack.length).toBeGreaterThan(0);
        expect(session.stack.length).toBeLessThanOrEqual(32);
        expect(session.history.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 50 },
    );
  });
});
