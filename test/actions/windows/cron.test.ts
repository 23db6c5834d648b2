import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argoGlobMatches } from '../../../src/actions/windows/argo-glob.ts';
import { parseCron } from '../../../src/actions/windows/cron.ts';
import { nextInZone, nextOnWall } from '../../../src/actions/windows/cron-next.ts';
import { parseGoDuration } from '../../../src/actions/windows/go-duration.ts';
import { zoneOf } from '../../../src/actions/windows/zone.ts';

const cronOf = (text: string) => {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};
const at = (text: string): number => Date.parse(text);
const wall = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString());

describe('a schedule', () => {
  it.each([
    ['0 9 * * 1-5', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['*/15 8-9 * * *', '2026-11-23T09:46:00Z', '2026-11-24T08:00:00.000Z'],
    ['0 0 1,15 * *', '2026-11-01T00:00:00Z', '2026-11-15T00:00:00.000Z'],
    ['0 0 31 * *', '2026-11-23T00:00:00Z', '2026-12-31T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-23T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['30 12 * jan-mar SUN', '2026-11-23T00:00:00Z', '2027-01-03T12:30:00.000Z'],
    ['5/20 * * * *', '2026-11-23T10:25:00Z', '2026-11-23T10:45:00.000Z'],
    ['0 0 13 * 5', '2026-11-23T00:00:00Z', '2026-11-27T00:00:00.000Z'],
    // A star with a step restricts days; a weekday beside it is then one more way, not one more condition.
    ['0 0 */10 * 2', '2026-11-24T00:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['0 0 */10 * *', '2026-11-24T00:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['0 0 30 2 *', '2026-11-23T00:00:00Z', 'never'],
    ['? ? ? ? ?', '2026-11-23T00:00:00Z', '2026-11-23T00:01:00.000Z'],
  ])('given %s after %s, when it comes next, then it is %s', (text, after, next) => {
    expect(wall(nextOnWall(cronOf(text), at(after)))).toBe(next);
  });

  it.each([
    ['0 0 * * 7', /7 is above 6/],
    ['60 0 * * *', /60 is above 59/],
    ['0 0 0 * *', /0 is below 1/],
    ['0 0 * * 5-1', /ends before it begins/],
    ['*/0 * * * *', /step/],
    ['1-2-3 * * * *', /hyphens/],
    ['1/2/3 * * * *', /slashes/],
    ['-5 * * * *', /no number/],
    ['0 0 * * *  *', /6 fields/],
    ['@daily', /five fields/],
    ['every tuesday', /2 fields/],
    ['', /0 fields/],
    ['CRON_TZ=Mars/Olympus 0 0 * * *', /no time zone/],
    ['CRON_TZ=UTC', /1 fields/],
  ])('given %j, when it is read, then it is refused', (text, why) => {
    const parsed = parseCron(text);
    expect(parsed.ok ? '' : parsed.failure.message).toMatch(why);
  });

  it('given any text, when it is read, then it is a schedule or a failure, never an exception', () => {
    const part = fc.constantFrom('*', '5', '1-5', '/2', ',', 'MON', '7', ' ', '@', 'TZ=UTC ', '?');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((p) => p.join('')),
        ),
        (text) => {
          const parsed = parseCron(text);
          if (parsed.ok) nextOnWall(parsed.value, at('2026-11-23T00:00:00Z'));
        },
      ),
    );
  });

  it('given any schedule, when it comes next, then no minute before it fits', () => {
    const field = (least: number, most: number) =>
      fc.oneof(fc.constant('*'), fc.integer({ min: least, max: most }).map(String));
    fc.assert(
      fc.property(
        fc.tuple(field(0, 59), field(0, 23), field(1, 31), fc.constant('*'), field(0, 6)),
        fc.integer({ min: 0, max: 1_000_000 }),
        (fields, minute) => {
          const cron = cronOf(fields.join(' '));
          const after = at('2026-01-01T00:00:00Z') + minute * 60_000;
          const found = nextOnWall(cron, after);
          expect(found).not.toBeNull();
          const fits = (ms: number): boolean => {
            const d = new Date(ms);
            const day = cron.days.has(d.getUTCDate());
            const week = cron.weekdays.has(d.getUTCDay());
            return (
              cron.minutes.has(d.getUTCMinutes()) &&
              cron.hours.has(d.getUTCHours()) &&
              (cron.eitherDay ? day || week : day && week)
            );
          };
          let first = after + 60_000;
          while (!fits(first)) first += 60_000;
          expect(found).toBe(first);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a schedule in a zone', () => {
  const madrid = zoneOf('Europe/Madrid');
  if (madrid === null) throw new Error('no such zone');

  it.each([
    ['a day of winter', '0 9 * * *', '2026-11-23T00:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['a day of summer', '0 9 * * *', '2026-07-01T00:00:00Z', '2026-07-01T07:00:00.000Z'],
    ['an hour that is skipped', '30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-30T00:30:00.000Z'],
    ['an hour that comes twice', '30 2 * * *', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['its second time', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00.000Z'],
    ['the moment of the change', '0 3 * * *', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['far away', '0 9 24 12 *', '2027-01-01T00:00:00Z', '2027-12-24T08:00:00.000Z'],
  ])('given %s, when it comes next, then by the clocks there', (_, text, after, next) => {
    expect(wall(nextInZone(cronOf(text), madrid, at(after)))).toBe(next);
  });

  it.each(['Mars/Olympus', '+01:00', 'europe/madrid', '', 'Local', '../etc/passwd', 'UTC '])(
    'given the zone %j, when it is looked for, then there is none',
    (name) => expect(zoneOf(name)).toBeNull(),
  );
});

describe('a duration of Go', () => {
  it.each([
    ['1h30m', 5_400_000_000_000n],
    ['1.5h', 5_400_000_000_000n],
    ['.5s', 500_000_000n],
    ['0', 0n],
    ['+90s', 90_000_000_000n],
    ['-1m', -60_000_000_000n],
    ['1ns', 1n],
    ['1us2µs3ms', 3_003_000n],
    ['1d', null],
    ['8', null],
    ['', null],
    ['h', null],
    ['1h 30m', null],
    ['soon', null],
    ['999999999h', null],
  ])('given %j, when it is read, then it is %s', (text, expected) => {
    const parsed = parseGoDuration(text);
    expect(parsed.ok ? parsed.value : null).toBe(expected);
  });
});

describe('a glob of Argo CD', () => {
  it.each([
    ['*', '', true],
    ['https://prod-*', 'https://prod-1.example/x', true],
    ['pay-?', 'pay-1', true],
    ['pay-?', 'pay-10', false],
    ['{pay,shop}-*', 'shop-eu', true],
    ['{pay,shop-{eu,us}}', 'shop-us', true],
    ['{pay,shop}', 'pay,shop', false],
    ['a,b', 'a,b', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[abc]', 'c', true],
    ['[!abc]', 'd', true],
    ['[c-a]', 'b', false],
    ['[abc', 'a', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a.b', 'axb', false],
    ['!pay', 'other', false],
    ['!pay', '!pay', true],
    ['a**b', 'a/x/b', true],
    ['(a|b)', 'a', false],
    ['pay', 'pay-api', false],
  ])('given %s, when it meets %s, then %s', (glob, text, matches) => {
    expect(argoGlobMatches(glob, text)).toBe(matches);
  });

  it('given a pattern made to be slow, when it is matched, then it is not', () => {
    expect(argoGlobMatches('*a'.repeat(200), `${'a'.repeat(5000)}b`)).toBe(false);
  });
});
