import { describe, expect, it } from 'vitest';
import { requestText } from '../../src/actions/request-text.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';
import type { Silence } from '../../src/kernel/alert-fact.ts';
import { ok } from '../../src/kernel/failure.ts';
import { at, deps, laterOn, look, refused, start, told } from '../support/found-stage.ts';

describe('what is there now of silences', () => {
  const matchers = [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }];
  const create = (source: string): EffectRequest => ({
    kind: 'alertmanager',
    cluster: source,
    sources: [source],
    method: 'POST',
    path: '/api/v2/silences',
    body: JSON.stringify({
      matchers,
      startsAt: at(0),
      endsAt: at(120),
      createdBy: 'ana',
      comment: 'known, INC-7',
    }),
  });
  const silence = (more: Partial<Silence> = {}): Silence => ({
    id: 'id-1',
    state: 'active',
    matchers,
    author: 'ana',
    comment: 'known, INC-7',
    startsAt: start + 40_000,
    endsAt: start + 7_200_000,
    ...more,
  });
  const holding = (...silences: Silence[]) =>
    deps({ silences: async () => ok(new Map(silences.map((s) => [s.id, s]))) });
  const subject = { subject: { kind: 'alerts', cluster: '' } } as const;
  const none = told('am has no such silence, by creator, matchers, comment and start');

  it('given one like it that has come a little later, then its id, and until when', async () => {
    expect(
      await look(
        holding(silence({ id: 'other', author: 'ben' }), silence()),
        [create('am')],
        subject,
      ),
    ).toEqual(
      told('am has it, as it was asked for: silence id-1 (active until 2026-11-23 10:00 UTC)'),
    );
  });

  it('given one that was ended since, then it was made', async () => {
    const over = silence({ state: 'expired', endsAt: start + 600_000 });
    expect(await look(holding(over), [create('am')], subject)).toMatchObject({
      text: expect.stringContaining('silence id-1 (ended at 2026-11-23 08:10 UTC)'),
    });
  });

  it.each([
    ['nobody', {}, true],
    ['another creator', { author: 'ben' }, false],
    ['another reason', { comment: 'else' }, false],
    ['other matchers', { matchers: [] }, false],
    [
      'a matcher that excludes',
      { matchers: matchers.map((m) => ({ ...m, isEqual: false })) },
      false,
    ],
    ['an earlier start', { startsAt: start - 600_000 }, false],
    ['a start much later', { startsAt: start + 3_600_000 }, false],
    ['a later end', { endsAt: start + 99_000_000 }, false],
  ] as const)('given one that differs by %s, then it is the one: %s', async (_, more, same) => {
    const found = await look(holding(silence(more)), [create('am')], subject);
    if (same) expect(found).not.toEqual(none);
    else expect(found).toEqual(none);
  });

  it('given one that does not answer and another that has it, then that one tells it; one that has none tells nothing', async () => {
    const second = (held: boolean) =>
      deps({
        silences: async (source) =>
          source === 'b' ? ok(new Map(held ? [['id-1', silence()]] : [])) : refused,
      });
    expect(await look(second(true), [create('a')], subject)).toEqual(
      told('b has it, as it was asked for: silence id-1 (active until 2026-11-23 10:00 UTC)'),
    );
    expect(await look(second(false), [create('a')], subject)).toEqual(laterOn);
  });

  it('given two clusters of which one does not answer, then it is left for later', async () => {
    const half = deps({
      silences: async (source) => (source === 'a' ? ok(new Map([['id-1', silence()]])) : refused),
    });
    expect(await look(half, [create('a'), create('b')], subject)).toEqual(laterOn);
  });

  it.each([
    ['expired', 'silence 0b1c8f6e at am: ended at 2026-11-23 10:00 UTC, as it was asked for'],
    [
      'active',
      'silence 0b1c8f6e at am: active until 2026-11-23 10:00 UTC, not as it was asked for',
    ],
    ['gone', 'am knows of no silence 0b1c8f6e any more'],
  ] as const)('given a silence that was to end and is %s, then %s', async (state, words) => {
    const end: EffectRequest = {
      kind: 'alertmanager',
      cluster: 'am',
      sources: ['am'],
      method: 'DELETE',
      path: '/api/v2/silence/0b1c8f6e',
      body: '',
    };
    const held = state === 'gone' ? [] : [silence({ id: '0b1c8f6e', state })];
    expect(await look(holding(...held), [end], subject)).toEqual(told(words));
  });

  it('given a body that was not written down whole, then nothing is claimed', async () => {
    const cut = requestText(create('am')).slice(0, -3);
    expect(await look(holding(silence()), [], { ...subject, requests: [cut] })).toEqual(
      told('what came of it cannot be known: what was asked for was not written down whole'),
    );
  });
});
