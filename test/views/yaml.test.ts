import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lineText } from '../../src/views/parts/line.ts';
import { type Plain, yamlLines } from '../../src/views/parts/yaml-emit.ts';
import { breakLine, colourYaml } from '../../src/views/parts/yaml-lines.ts';
import { placeOf } from '../../src/views/session.ts';
import { yaml } from '../../src/views/yaml.ts';
import { yamlOf } from '../../src/views/yaml-text.ts';
import { crashing } from '../support/objects.ts';
import { contentOf, textOf } from '../support/scenes.ts';
import { worldOf } from '../support/world-of.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'true',
    'no',
    '1.0',
    '0x1f',
    '1e3',
    '12:30',
    '2026-11-23',
    '~',
    '',
    ' a',
    'a ',
    'a: b',
    'a #b',
    '- a',
    '# c',
    'key:',
    '"q"',
    "it's",
    '[x]',
    '{x}',
    '*a',
    '&a',
    '!t',
    '%d',
    '@a',
    '`a',
    '|',
    '>',
    'a\nb',
    'a\nb\n',
    'a\n\n',
    '\na',
    'a\n b\n',
    '\ta',
    'a\tb',
    '...',
    '---',
    '=',
    '<<',
    '0o17',
    '+1',
    '.5',
    '1_000',
    '.inf',
  ),
);
const { tree } = fc.letrec<{ tree: Plain }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('yamlLines', () => {
  it.each(['1.2', '1.1'] as const)(
    'given any data, when it is written and read as YAML %s, then it is the same',
    (version) => {
      fc.assert(
        fc.property(tree, (value) => {
          const read: unknown = parse(`${yamlLines(value).join('\n')}\n`, {
            version,
            merge: false,
            schema: version === '1.1' ? 'yaml-1.1' : 'core',
          });
          expect(JSON.stringify(read)).toBe(JSON.stringify(value));
        }),
        { numRuns: 1000 },
      );
    },
  );

  it('given lists in objects, when they are written, then they stand as kubectl has them', () => {
    const value = { spec: { containers: [{ name: 'a', args: ['x', 'y'] }], empty: [], none: {} } };
    expect(yamlLines(value).join('\n')).toBe(
      [
        'spec:',
        '  containers:',
        '  - name: a',
        '    args:',
        '    - x',
        '    - "y"',
        '  empty: []',
        '  none: {}',
      ].join('\n'),
    );
  });
});

describe('yamlOf', () => {
  const of = (object: unknown, managedFields = false) =>
    yamlOf(JSON.stringify(object), { managedFields });

  it('given a Secret, when it is shown, then its values are not, only how long they are', () => {
    const shown = of({
      kind: 'Secret',
      data: { password: 'aHVudGVyMg==' },
      stringData: { more: 'correct horse' },
    });
    expect(shown).toContain('password: "[redacted, 7 bytes]"');
    expect(shown).toContain('more: "[redacted, 13 bytes]"');
    expect(shown).not.toContain('aHVudGVyMg');
  });

  it('given a list of Secrets, when it is shown, then none of their values is', () => {
    expect(
      of({ kind: 'List', items: [{ kind: 'Secret', data: { a: 'c2VjcmV0' } }] }),
    ).not.toContain('c2VjcmV0');
  });

  it('given an environment, when it is shown, then values of secret names are not', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'MODE', value: 'fast' },
      { name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } },
    ];
    const shown = of({ spec: { containers: [{ env }] } });
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('value: fast');
    expect(shown).toContain('name: keys');
  });

  it('given the annotation that holds the whole object, when it is shown, then it is not', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"c2VjcmV0"}}',
    };
    expect(of({ metadata: { annotations } })).not.toContain('c2VjcmV0');
  });

  it('given secrets by their form, when they are shown, then they are not', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';
    const shown = of({
      spec: { args: ['--password=hunter2'], pem: `a\n${key}\nb`, clientSecret: 'abc' },
    });
    for (const secret of ['hunter2', 'MIIEow', 'abc']) expect(shown).not.toContain(secret);
  });

  it('given managed fields, when they are not asked for, then they are left out', () => {
    const object = { metadata: { name: 'a', managedFields: [{ manager: 'kubectl' }] } };
    expect(of(object)).toBe('metadata:\n  name: a');
    expect(of(object, true)).toContain('manager: kubectl');
  });

  it('given no JSON, when it is shown, then a comment says so and nothing of it leaks', () => {
    expect(yamlOf('token: hunter2', { managedFields: false })).toBe(
      '# the answer of 14 characters is no JSON',
    );
  });
});

describe('the yaml view', () => {
  const world = worldOf({ pods: [crashing('gw-1', 'boom')] });
  const place = placeOf('yaml', { resource: 'pods', namespace: 'payments', name: 'gw-1' });
  const documents = (document: unknown) =>
    ({ session: { documents: new Map([['yaml:pods/payments/gw-1', document]]) } }) as never;

  it('given no document, as in replay, when it is shown, then what is kept stands there and a comment says so', () => {
    const shown = textOf(contentOf(yaml, world, place));
    expect(shown.split('\n')[0]).toContain('# only these fields are kept');
    expect(shown).toContain('status: CrashLoopBackOff');
  });

  it('given a document, when it is loading, failed or there, then it says so or shows it', () => {
    expect(textOf(contentOf(yaml, world, place, documents({ kind: 'loading' })))).toContain(
      'loading',
    );
    const failed = textOf(
      contentOf(yaml, world, place, documents({ kind: 'failed', text: 'not for you' })),
    );
    expect(failed).toContain('not for you');
    expect(failed).toContain('CrashLoopBackOff');
    expect(textOf(contentOf(yaml, world, place, documents({ kind: 'ready', text: 'a: 1' })))).toBe(
      ' a: 1',
    );
  });

  it('given a filter, when it is shown, then all lines stay, finds are marked and counted', () => {
    const content = contentOf(yaml, world, { ...place, filter: 'crash' });
    expect(content.title).toContain('2 found');
    const marked = Array.from({ length: content.rows.length }, (_, i) =>
      content.rows.line(i),
    ).flatMap((l) => l.filter((s) => s.style === 'match'));
    expect(marked).toHaveLength(2);
    expect(content.rows.length).toBe(contentOf(yaml, world, place).rows.length);
  });

  it('given any line, when it is coloured and broken, then no text is lost', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (line, columns) => {
        const one = line.replace(/[\p{C}\s]/gu, ' ');
        const lines = breakLine(colourYaml([one])[0]!, columns).map(lineText);
        const joined = lines
          .map((l, i) =>
            i === 0
              ? l
              : l.slice(Math.min(one.length - one.trimStart().length + 4, Math.floor(columns / 2))),
          )
          .join('');
        expect(joined).toBe(one);
      }),
    );
  });

  it('given block text, when it is coloured, then a colon in it is no key', () => {
    const [, , script, after] = colourYaml(['- name: |', '    x', '    key: value', '  other: y']);
    expect(script).toHaveLength(1);
    expect(after?.map((s) => s.style)).toContain('here');
  });
});
