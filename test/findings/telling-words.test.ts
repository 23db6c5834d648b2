import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellingWords } from '../../src/findings/telling-words.ts';
import { plainText } from '../../src/kernel/text.ts';

const closed =
  '{"level":"info","ts":"2026-11-23T08:08:32.716754Z","caller":"embed/etcd.go:428","msg":"closed etcd server","name":"payments-2","advertise-client-urls":["https://10.203.95.1:2579"]}';
const fatal =
  '{"level":"fatal","ts":"2026-11-23T08:08:32.716951Z","caller":"etcdmain/etcd.go:183","msg":"discovery failed","error":"member e6a56a3985384066 has already been bootstrapped","stacktrace":"go.etcd.io/etcd/server/v3/etcdmain.startEtcdOrProxyV2\\n\\tmain.go:40"}';

describe('the last words of a process', () => {
  it.each([
    ['lines', `${closed}\n${fatal}`],
    ['lines that were joined', `${closed} ${fatal}`],
    ['a piece that was cut before them', `o:39","msg":"Failed to detect"} ${closed} ${fatal}`],
    ['a piece that was cut between them', `{"msg":"a","x":"b… ertise":["c"]} ${closed} ${fatal}`],
    ['quieter records after the fatal one', `${fatal}\n${closed}`],
  ])('given %s of structured logs, then what ended it is told as words', (_, text) => {
    expect(tellingWords(text)).toBe(
      'discovery failed: member e6a56a3985384066 has already been bootstrapped',
    );
  });

  it.each([
    ['{"msg":"one"}\n{"msg":"the last one"}', 'the last one'],
    ['{"severity":"ERROR","message":"no route"}\n{"severity":"INFO","message":"bye"}', 'no route'],
    ['{"msg":"cannot start","err":{"message":"port taken"}}', 'cannot start: port taken'],
    ['{"msg":"boom: port taken","error":"port taken"}', 'boom: port taken'],
    ['{"msg":"cannot start", "at": {"file":"a.go"}, "error":"no disk"}', 'cannot start: no disk'],
    ['{"error":"no disk"}', 'no disk'],
  ])('given %s, then it says %s', (text, words) => {
    expect(tellingWords(text)).toBe(words);
  });

  it.each([
    'failed to connect to etcd: context deadline exceeded',
    `${closed}\npanic: tocommit(9) is out of range`,
    '{"a":1}',
    '{"msg":',
    '',
    '[1,2]',
    '{{{"}',
  ])('given %j, then it is left as it is', (text) => {
    expect(tellingWords(text)).toBe(plainText(text));
  });

  it('given any text, then what comes out is harmless and no longer than what went in', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ' {"',
        '{"',
        '}',
        '"msg":"',
        '"',
        '\u001b[31m',
        '\u202e',
        '\\u001b',
        '…',
        ' ',
      ),
      fc.string(),
      fc.json(),
      fc.record({ msg: fc.string(), error: fc.string() }).map((r) => JSON.stringify(r)),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const said = pieces.join('');
        const words = tellingWords(said);
        expect(words).toBe(plainText(words));
        expect(words.length).toBeLessThanOrEqual(Math.max(said.length, 1));
      }),
    );
  });

  it('given escape sequences within a record, then they do not come out', () => {
    expect(tellingWords('{"msg":"a\\u001b[31mb\\u202ec\\nd"}')).toBe('abc d');
  });

  it('given a megabyte of openings, then it ends', () => {
    expect(tellingWords(' {"a'.repeat(300_000)).length).toBeGreaterThan(0);
    expect(
      tellingWords(`${' {"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`).length,
    ).toBeGreaterThan(0);
  });
});
