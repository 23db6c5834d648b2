import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanse, cleanText, redacted } from '../../src/kernel/redact.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJl';
const pem = 'MIIEowIBAAKCAQEAxyz0123456789';

/** Text as it is seen in clusters, and the part of it that must not survive. */
const leaks: readonly (readonly [string, string])[] = [
  [`Authorization: Bearer ${jwt}`, 'eyJ'],
  ['Authorization: Bearer abcdefghijklmnop', 'abcdefgh'],
  ['curl -H "Authorization: Basic b3BzOmh1bnRlcjI="', 'b3Bz'],
  ['{"authorization":"token 0123456789abcdef"}', '0123456789'],
  ['Authorization=Negotiate YIIabcdefghijk', 'YII'],
  [`invalid bearer token ${jwt}`, 'eyJ'],
  [`x-${jwt}`, 'eyJ'],
  [`see..${jwt}, please`, 'eyJ'],
  [`-----BEGIN RSA PRIVATE KEY-----\n${pem}\n-----END RSA PRIVATE KEY-----`, pem],
  [`-----BEGIN OPENSSH PRIVATE KEY-----\\n${pem}`, pem],
  [`-----BEGIN PGP PRIVATE KEY BLOCK----- ${pem} -----END PGP PRIVATE KEY BLOCK-----`, pem],
  ['aws AKIAIOSFODNN7EXAMPLE denied', 'AKIAIOS'],
  ['aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCY', 'wJalr'],
  ['key AIzaSyA1234567890abcdefghijklmnopqrstuv', 'AIzaSy'],
  ['git clone with ghp_0123456789abcdefghij failed', 'ghp_0123'],
  ['glpat-0123456789abcdefghij', 'glpat-0123'],
  ['slack xoxb-123456789012-abcdefghij', '123456789012'],
  ['vault hvs.CAESIJ0123456789abcdef', 'CAESIJ'],
  ['AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ', '1QQQ'],
  ['dial postgres://app:s3cr3t@db:5432/app', 's3cr3t'],
  ['dial postgres://app:s3c@r3t@db:5432/app', 'r3t@'],
  ['redis://:hunter2@cache:6379', 'hunter2'],
  ['https://0123456789abcdef0123456789@github.com/x', '0123456789'],
  ['password=hunter2', 'hunter2'],
  ['DB_PASSWORD: hunter2', 'hunter2'],
  ['{"password":"hunter2","user":"app"}', 'hunter2'],
  ['{"log":"{\\"password\\":\\"hunter2\\"}"}', 'hunter2'],
  ['password="hunter2 and more', 'hunter2'],
  ['password="hun\\"ter2" ok', 'ter2'],
  ["passwd='it is hunter2'", 'hunter2'],
  ['clientSecret=abcdefgh', 'abcdefgh'],
  ['client_secret: abcdefgh1', 'abcdefgh1'],
  ['apiKey:abcdefgh', 'abcdefgh'],
  ['"token": "kubeconfig-user-abcdef"', 'kubeconfig-user'],
  ['kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef', 'abcdef.0123'],
  ['mysql --password hunter2', 'hunter2'],
  ['{"auths":{"ghcr.io":{"auth":"b3BzOmh1bnRlcjI="}}}', 'b3Bz'],
  ['pass\u001b[31mword=hunter2', 'hunter2'],
  ['pass\u0000word=hunter2', 'hunter2'],
];

describe('what is removed', () => {
  it.each(leaks)('given %j, then the secret does not survive', (text, secret) => {
    expect(cleanText(text)).not.toContain(secret);
    expect(cleanText(text)).toContain(redacted);
  });

  it('given one of them anywhere among other words, then it does not survive either', () => {
    const words = fc.lorem({ maxCount: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...leaks), words, words, ([text, secret], before, after) => {
        expect(cleanText(`${before} ${text} ${after}`)).not.toContain(secret);
      }),
    );
  });
});

describe('what is kept', () => {
  it.each([
    'failed to fetch token: Post "https://10.96.0.1:443/api/v1": dial tcp 10.96.0.1:443: connect: refused',
    'MountVolume.SetUp failed for volume "kube-api-access" : secret "db-creds" not found',
    "couldn't find key password in Secret payments/db",
    'the server has asked for the client to provide credentials',
    'basic authentication is not enabled',
    'Back-off restarting failed container gateway in pod payment-gateway-7d9f',
    'secret: not found',
    'registry.example.com/team/token-service:v1.2.3@sha256:0123456789abcdef',
    'ssh://git@github.com/org/repo',
    'Get "http://10.0.0.1:8080/healthz": context deadline exceeded',
    '0/12 nodes are available: 12 Insufficient cpu',
  ])('given %j, then it is left as it is', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});

// Pieces of which rules are made, so that random combinations come close to every rule.
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'password',
      'token',
      'secret',
      'api_key',
      '=',
      ':',
      ' ',
      '"',
      "'",
      '\\',
      '\\"',
      '://',
      '@',
      '/',
      ',',
      'a',
      '1',
    ],
    ...[
      'eyJ',
      '.',
      '-',
      '_',
      'Bearer ',
      'basic ',
      'Authorization',
      'ghp_',
      '--',
      'auth',
      '[redacted]',
      'eyJhbGciOiJ9',
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      '\u001b[',
      '\n',
      '\u202e',
      '\ud800',
      'abcdefgh',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const hostileText = fc.array(piece, { maxLength: 30 }).map((p) => p.join(''));

describe('laws', () => {
  it('given any text, then cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const once = cleanText(text);
        expect(cleanText(once)).toBe(once);
      }),
      { numRuns: 5000 },
    );
  });

  it('given any text, then no control or bidi character is left and it is well formed', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(
          /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/u,
        );
        expect(clean.isWellFormed()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  // Each takes milliseconds when the work is linear and minutes to hours when it is not: the limit of the test decides.
  const million = 1_000_000;
  it.each([
    'eyJ-',
    'eyJaaaaaaaa.',
    'a.',
    'a-',
    'a_',
    'password',
    'password ',
    'password="',
    'password=\\"',
    'token=',
    'token: a',
    'bearer ',
    'basic a',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '://a:',
    '://',
    ':',
    '@',
    '\\',
    '--',
    '-a',
    'authorization:',
    'authorization: token ',
    'auth":',
    'ghp_',
    '\u001b[',
    '\u001b]',
    '\u001b[0',
    '\ud800',
    ' ',
    'secret"\'',
    "'",
    'key',
  ])('given a megabyte of %j, then it is cleaned all the same', (unit) => {
    for (const before of ['', 'token ', 'password="', '://']) {
      const text = before + unit.repeat(million / unit.length);
      expect(cleanText(text).length).toBeLessThan(2 * million);
    }
  });
});

describe('cleanse', () => {
  it('given clean data, then the very same object comes back, with a size', () => {
    const data = { name: 'a', list: [1, 'b', null], deep: { yes: true } };
    const { value, size } = cleanse(data);
    expect(value).toBe(data);
    expect(size).toBeGreaterThan(50);
  });

  it('given one dirty text deep inside, then it is replaced there and the input is not touched', () => {
    const data = { list: [{ text: 'ok' }, { text: 'a\u0007b' }] };
    expect(cleanse(data).value).toEqual({ list: [{ text: 'ok' }, { text: 'ab' }] });
    expect(data.list[1]?.text).toBe('a\u0007b');
    expect(cleanse(data).value.list[0]).toBe(data.list[0]);
  });

  it('given fields with names of secrets, then their text goes and their shape stays', () => {
    const data = {
      bearerToken: 'x',
      client_secret: 'y',
      password: '',
      apiKey: 7,
      secretName: 'db',
      secret: 'db',
    };
    expect(cleanse(data).value).toEqual({
      bearerToken: redacted,
      client_secret: redacted,
      password: '',
      apiKey: 7,
      secretName: 'db',
      secret: 'db',
    });
  });

  it('given hostile names of fields, then they are cleaned and none becomes a prototype', () => {
    const data: unknown = JSON.parse('{"__proto__": {"polluted": "a\\u0007"}, "ke\\u001b[1my": 1}');
    const { value } = cleanse(data);
    expect(Object.keys(value as object)).toEqual(['__proto__', 'key']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('given data nested deeper than any fact, then the bottom is cut off instead of the stack', () => {
    let data: unknown = 'bottom';
    for (let i = 0; i < 100_000; i += 1) data = [data];
    expect(JSON.stringify(cleanse(data).value)).toContain(redacted);
  });

  it('given any JSON, then cleansing twice is cleansing once', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (data) => {
        const once = cleanse(data).value;
        expect(cleanse(once).value).toEqual(once);
        expect((once as unknown[]).length).toBe(data.length);
      }),
    );
  });
});
