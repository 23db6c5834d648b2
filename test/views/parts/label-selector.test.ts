import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector, selectorOf, selects } from '../../../src/views/parts/label-selector.ts';

const labels = {
  app: 'web',
  tier: 'front',
  'app.kubernetes.io/part-of': 'shop',
  n: '7',
  empty: '',
};

const holds = (text: string, on: Record<string, string> = labels): boolean | string => {
  const selector = parseSelector(text);
  return selector.kind === 'invalid' ? selector.why : selects(selector.requirements, on);
};

describe('label selector', () => {
  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app', true],
    ['!app', false],
    ['! missing', true],
    ['app in (web,api)', true],
    ['app in ( api , web )', true],
    ['app notin (web)', false],
    ['missing notin (web)', true],
    ['missing in (web)', false],
    ['app.kubernetes.io/part-of=shop', true],
    ['app=web,tier!=back,missing notin (a,b),!other', true],
    ['app=web,tier=back', false],
    ['empty=', true],
    ['empty in (,x)', true],
    ['n>6', true],
    ['n<7', false],
    ['app>1', false],
    ['toString', false],
  ])('given %s, when it is asked about an object, then the answer is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each(['', 'app=web,', 'app in (', 'app=a=b', 'a b', 'app=w€b', '=x', '-a=b'])(
    'given "%s", when it is parsed, then it is refused in words',
    (text) => {
      expect(parseSelector(text).kind).toBe('invalid');
    },
  );

  it('given any labels, when their own selector is asked about them, then it holds', () => {
    const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,8}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.dictionary(name, name, { minKeys: 1, maxKeys: 4 }), (some) => {
        expect(holds(selectorOf(some), some)).toBe(true);
      }),
    );
  });
});
