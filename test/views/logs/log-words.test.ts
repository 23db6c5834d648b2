import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../src/kernel/units.ts';
import { typedIntent } from '../../../src/views/logs/log-intent.ts';
import { logLabels } from '../../../src/views/logs/log-label.ts';
import { prettyLine } from '../../../src/views/logs/log-pretty.ts';
import { severityOf } from '../../../src/views/logs/log-severity.ts';
import { stampText, timeWanted } from '../../../src/views/logs/log-time.ts';
import {
  isWideText,
  wrappedMost,
  wrappedRow,
  wrappedRows,
} from '../../../src/views/logs/log-wrap.ts';
import { lineText } from '../../../src/views/parts/line.ts';

describe('how bad a line is', () => {
  it.each([
    ['I1123 21:43:05.123456       1 main.go:12] error count 0', 'info'],
    ['W1123 21:43:05.123456       1 main.go:12] slow', 'warn'],
    ['E1123 21:43:05.123456       1 main.go:12] refused', 'error'],
    ['F1123 21:43:05.123456       1 main.go:12] over', 'fatal'],
    ['ts=2026 level=warn msg="ERROR in the text"', 'warn'],
    ['level="error" msg=x', 'error'],
    ['{"ts":1,"level":"ERROR","msg":"x"}', 'error'],
    ['{"severity":"WARNING","message":"x"}', 'warn'],
    ['{"level":50,"msg":"x"}', 'error'],
    ['{"level":30,"msg":"x"}', 'info'],
    ['{"msg":"no level here, ERROR in the text"}', 'none'],
    ['2026-11-23 21:43:05,123 INFO  [main] saw no ERROR', 'info'],
    ['2026/11/23 21:43:05 [error] 12#12: *1 connect() failed', 'error'],
    ['panic: runtime error: index out of range', 'fatal'],
    ['java.lang.IllegalStateException: no', 'error'],
    ['Traceback (most recent call last):', 'error'],
    ['fatal: not a repository', 'fatal'],
    ['terror and errors are prose', 'none'],
    ['', 'none'],
    ['failed to connect to etcd: context deadline exceeded', 'error'],
    ['2026/11/23 21:43:05 cannot open /data/wal', 'error'],
    ['the first attempt failed to connect', 'none'],
    ['level=info msg="failed to connect, trying again"', 'info'],
  ])('given %j, then %s', (text, severity) => expect(severityOf(text)).toBe(severity));

  it('given any text, then it has one, and soon', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000 }), (text) => severityOf(text) !== undefined),
    );
    expect(severityOf(`{"a":"${'\\'.repeat(60_000)}`)).toBe('none');
    expect(severityOf('= '.repeat(30_000))).toBe('none');
  });
});

describe('fields of a line', () => {
  const text = (line: string) => {
    const pretty = prettyLine(line);
    return pretty === null ? null : lineText(pretty);
  };
  it('given JSON or logfmt, then the message stands first and the time is left out', () => {
    expect(text('{"ts":"2026","level":"warn","msg":"slow","ms":12,"who":{"id":1}}')).toBe(
      'warn slow  ms=12  who={"id":1}',
    );
    expect(text('time=2026 level=info msg="it is \\"up\\"" port=80')).toBe(
      'info it is "up"  port=80',
    );
  });
  it('given anything else, then it is left as it came', () => {
    for (const line of ['{"cut":', '[1,2]', 'a=b', 'see http://x/?a=b c=d', 'plain', '']) {
      expect(text(line)).toBeNull();
    }
  });
});

describe('times', () => {
  const now = epochMs(Date.UTC(2026, 10, 23, 21, 43, 5, 120));
  it('given a mode, then a stamp is told in it, as wide for each line', () => {
    expect(stampText(now, 'utc', now)).toBe('21:43:05.120');
    expect(stampText(epochMs(now - 125_000), 'age', now)).toBe('  -2m05s');
    expect(stampText(epochMs(now - 7_500_000), 'age', now)).toBe('  -2h05m');
    expect(stampText(now, 'off', now)).toBe('');
    const local = stampText(now, 'local', now);
    expect(timeWanted(local.slice(0, 8), now, true)).toBe(now - 120);
  });
  it('given a time of day, then the last such time before now; given a distance, then from now', () => {
    expect(timeWanted('21:43', now, false)).toBe(Date.UTC(2026, 10, 23, 21, 43));
    expect(timeWanted('21:44', now, false)).toBe(Date.UTC(2026, 10, 22, 21, 44));
    expect(timeWanted('-5m', now, false)).toBe(now - 300_000);
    expect(timeWanted('2026-11-23T20:00:00Z', now, false)).toBe(Date.UTC(2026, 10, 23, 20));
    for (const none of ['25:00', 'noon', '', '-5x', '2026-99-99T00:00'])
      expect(timeWanted(none, now, false)).toBeNull();
  });
});

describe('wrapped lines', () => {
  it('given any text, then its rows hold all of it in order, within the columns', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 600 }),
        fc.integer({ min: 8, max: 80 }),
        (text, columns) => {
          const rows = wrappedRows(text, columns, isWideText(text));
          const all = Array.from({ length: rows }, (_, i) => wrappedRow(text, i, columns));
          if (rows < wrappedMost) expect(all.join('')).toBe(text);
          expect(all.every((row) => row.length <= columns || isWideText(row))).toBe(true);
        },
      ),
    );
  });
  it('given a megabyte, then its rows are bounded, and the last says how much is behind it', () => {
    const text = 'x'.repeat(1 << 20);
    expect(wrappedRows(text, 80, false)).toBe(wrappedMost);
    expect(wrappedRow(text, wrappedMost - 1, 80)).toContain('characters more');
  });
});

describe('names of sources', () => {
  const texts = (...sources: string[]) => [...logLabels(sources).values()].map((l) => l.text);
  it('given several, then as much of a name as tells it from the others', () => {
    expect(texts('a/web-7d9f-4crcm/app')).toEqual([]);
    expect(texts('a/web-7d9f-4crcm/app', 'a/web-7d9f-x2x9k/app')).toEqual(['4crcm', 'x2x9k']);
    expect(texts('a/web-0/app', 'a/web-0/proxy')).toEqual(['app', 'proxy']);
    expect(texts('a/web-0/app', 'a/web-1/proxy')).toEqual(['0/app', '1/proxy']);
    expect(texts('a/web/app', 'a/db/app')).toEqual(['web', 'db']);
  });
});

describe('logs in command mode', () => {
  const meant = (text: string) => {
    const intent = typedIntent(text, 'shop');
    return intent.ok ? intent.value : intent.failure;
  };
  it('given a target and bounds, then a wish about them', () => {
    expect(meant('deploy/cart since=5m')).toMatchObject({
      subject: { resource: 'deployments', namespace: 'shop', name: 'cart' },
      args: { since: '5m', follow: 'yes' },
    });
    expect(meant('payments/sts/db previous=yes')).toHaveProperty('args', { previous: 'yes' });
    expect(meant('cart-.* container=app')).toMatchObject({
      args: { match: 'cart-.*', container: 'app' },
    });
    expect(meant('-l app=cart')).toMatchObject({ args: { selector: 'app=cart' } });
  });
  it('given what makes no sense, then why', () => {
    expect(meant('depoly/cart')).toMatchObject({ hint: 'did you mean deploy/cart?' });
    expect(meant('a b')).toMatchObject({ message: 'logs are of one target' });
    expect(meant('a/b/c/d')).toMatchObject({ message: 'this is no target' });
  });
});
