import { describe, expect, it } from 'vitest';
import {
  configMapWithin,
  keysMost,
  readConfigMap,
} from '../../../src/adapters/runbooks/read-config-map.ts';
import { type Failure, failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { mib } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

const read = (answer: Result<string>, asked: string[] = []) => {
  const kubernetes = {
    get: async (path: string) => {
      asked.push(path);
      return answer;
    },
  };
  const deps = { kubernetes, clock: new FakeClock() };
  return readConfigMap('shop/runbooks', (text, path) => `${path}: ${text.length}`, deps, never);
};

const map = (data: Readonly<Record<string, string>>, more: object = {}): Result<string> =>
  ok(JSON.stringify({ metadata: { resourceVersion: '41' }, data, ...more }));

const failureOf = async (answer: Result<string>): Promise<Failure> => {
  const result = await read(answer);
  if (result.ok) throw new Error('it was read');
  return result.failure;
};

const value = async (answer: Result<string>) => {
  const result = await read(answer);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('reading a ConfigMap of runbooks', () => {
  it('given one, then its object alone is asked for, and each key that ends in .md is a file, in order', async () => {
    const asked: string[] = [];
    const answer = map({ 'b.md': '# B', 'a.md': '# AA', 'settings.yaml': 'x: 1', 'a.MD': 'no' });
    const result = await read(answer, asked);
    expect(asked).toEqual(['/api/v1/namespaces/shop/configmaps/runbooks']);
    expect(result).toMatchObject({
      ok: true,
      value: {
        version: '41',
        problems: [],
        files: [
          { path: 'a.md', text: '# AA', card: 'a.md: 4' },
          { path: 'b.md', text: '# B', card: 'b.md: 3' },
        ],
      },
    });
  });

  it('given when its fields were written, then the latest is when its files were', async () => {
    const times = ['2026-11-01T00:00:00Z', '2026-11-09T00:00:00Z', 'soon'];
    const metadata = {
      resourceVersion: '7',
      creationTimestamp: '2026-10-01T00:00:00Z',
      managedFields: times.map((time) => ({ time })),
    };
    const { files } = await value(map({ 'a.md': '# A' }, { metadata }));
    expect(files[0]?.modified).toBe(Date.UTC(2026, 10, 9));
  });

  it('given texts of 1 MiB and of a byte more, then the larger is left out, and told', async () => {
    // Two bytes a letter: bytes count, and not letters.
    const full = 'é'.repeat(mib(1) / 2);
    const { files, problems } = await value(map({ 'full.md': full, 'over.md': `${full}x` }));
    expect(files.map((f) => f.path)).toEqual(['full.md']);
    expect(problems).toEqual(['over.md is larger than 1 MiB']);
  });

  it('given more keys than are read, then the others are left out, and told', async () => {
    const keys = Array.from({ length: keysMost + 1 }, (_, n) => `n${n}.md`);
    const { files, problems } = await value(map(Object.fromEntries(keys.map((k) => [k, '# N']))));
    expect(files).toHaveLength(keysMost);
    expect(problems).toEqual([`more than ${keysMost} runbooks: the others are left out`]);
  });

  it.each([
    [map({ 'x.txt': '' }), 'it has no key that ends in .md'],
    [map({ 'a.md': '' }, { binaryData: { 'b.md': 'AAAA' } }), 'b.md is binary data, and no text'],
    [ok('{"metadata":{"resourceVersion":"1"}}'), 'it has no key that ends in .md'],
  ])('given %j, then %s', async (answer, problem) => {
    expect((await value(answer)).problems).toEqual([problem]);
  });

  it.each([
    ['forbidden', 'kubectl auth can-i get configmap/runbooks -n shop'],
    ['absent', 'correct runbooks.configMaps'],
  ] as const)(
    'given that it is %s, then the words of the server, and what to do',
    async (kind, hint) => {
      const said = failure(kind, 'get', `configmaps "runbooks" \u001b[31mis ${kind}`, {
        status: 403,
      });
      const told = await failureOf(failed(said));
      expect(told).toMatchObject({ kind, message: `configmaps "runbooks" is ${kind}` });
      expect(told.on).toBe('configmap shop/runbooks');
      expect(told.hint).toContain(hint);
    },
  );

  it.each([
    '',
    '{',
    '[]',
    '{"metadata":{}}',
    '{"metadata":{"resourceVersion":"1"},"data":{"a.md":1}}',
  ])('given %j as the answer, then it is no ConfigMap', async (body) => {
    expect(await failureOf(ok(body))).toMatchObject({ kind: 'undecodable' });
  });

  it('given no answer, then it is given up in time', async () => {
    const clock = new FakeClock();
    const kubernetes = { get: () => new Promise<Result<string>>(() => {}) };
    const reading = readConfigMap('shop/runbooks', () => 0, { kubernetes, clock }, never);
    await clock.advance(configMapWithin);
    expect(await reading).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });
});
