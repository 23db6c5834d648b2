import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configPath, isProduction, loadConfig, parseConfig } from '../../src/cli/config.ts';

const refused = (text: string): string => {
  const parsed = parseConfig(text, 'config.yaml');
  return parsed.ok ? 'accepted' : parsed.failure.message;
};

describe('parseConfig', () => {
  it('given every key, then each is read', () => {
    const text = `theme: light
glyphs: ascii
production: ['live-*']
aliases:
  dp: deployments
recordingLimit: 64
`;
    expect(parseConfig(text, 'c')).toEqual({
      ok: true,
      value: {
        theme: 'light',
        glyphs: 'ascii',
        production: ['live-*'],
        aliases: { dp: 'deployments' },
        recordingLimit: 64,
      },
    });
  });

  it.each(['shop', 'a|b', "x-_.!*'()9", '...', 'x'.repeat(150)])(
    'given the tenant %j of a Loki, then it is read',
    (tenant) => {
      const text = `loki: [{url: "http://a", tenant: ${JSON.stringify(tenant)}}]`;
      expect(parseConfig(text, 'c')).toMatchObject({ ok: true, value: { loki: [{ tenant }] } });
    },
  );

  it.each(['', 'a/b', '.', '..', 'a|', 'a|..', 'a b', 'a\nb', 'é', 'x'.repeat(151)])(
    'given the tenant %j of a Loki, which none takes, then it is refused',
    (tenant) => {
      const text = `loki: [{url: "http://a", tenant: ${JSON.stringify(tenant)}}]`;
      expect(refused(text)).toContain('config.yaml:1: loki.0.tenant: a tenant is made of');
    },
  );

  it('given a tenant of a Prometheus, then it is an unknown key', () => {
    expect(refused('prometheus: [{url: "http://a", tenant: x}]')).toContain('unknown key "tenant"');
  });

  it.each(['', '\n\n', '# nothing but a comment\n', '---\n'])(
    'given %j, then all is as without a file',
    (text) => {
      expect(parseConfig(text, 'c')).toEqual({ ok: true, value: {} });
    },
  );

  it.each([
    [
      'a misspelt key',
      'glyphs: auto\nthem: dark\n',
      /config\.yaml:2: unknown key "them"; did you mean "theme"\?/,
    ],
    ['a key like no other', 'zzzzzzzz: 1\n', /config\.yaml:1: unknown key "zzzzzzzz"$/],
    ['a value that is none of the choices', '\n\ntheme: pink\n', /config\.yaml:3: theme: /],
    [
      'a number that is none',
      'theme: dark\nrecordingLimit: -5\n',
      /config\.yaml:2: recordingLimit: /,
    ],
    ['a deep value', 'theme: dark\naliases:\n  a: pods\n  b: 5\n', /config\.yaml:4: aliases\.b: /],
    ['an entry of a list', 'production:\n- a\n- 5\n', /config\.yaml:[123]: production\.1: /],
    ['what is not YAML', 'theme: dark\nglyphs: [\n', /config\.yaml:[23]: /],
    ['a key twice', 'theme: dark\ntheme: light\n', /config\.yaml:2: /],
    ['a list', '- a\n', /config\.yaml:1: /],
    [
      'a misspelt key of a source',
      'alertmanagers:\n- url: http://a\n- url: http://b\n  tokenFiel: /t\n',
      /config\.yaml:4: unknown key "tokenFiel"; did you mean "tokenFile"\?/,
    ],
    [
      'two ways to a source',
      'prometheus:\n- url: http://a\n  service: a/b:c\n',
      /config\.yaml:2: prometheus\.0: give exactly one of url, service and pod/,
    ],
    [
      'a user without a password',
      'alertmanagers:\n- url: http://a\n  username: ops\n',
      /username and passwordFile belong together/,
    ],
    [
      'an etcd without endpoints',
      'etcd:\n- name: payments\n',
      /config\.yaml:2: etcd\.0\.endpoints/,
    ],
    [
      'a webhook without an address',
      'webhook:\n  tokenFile: /t\n',
      /config\.yaml:\d: webhook\.listen/,
    ],
  ])('given %s, then it is refused with its line', (_, text, message) => {
    expect(refused(text)).toMatch(message);
  });
});

describe('loadConfig', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midwatch-config-'));
    await mkdir(join(directory, 'midwatch'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('given no file, then the defaults hold', () => {
    const loaded = loadConfig({ XDG_CONFIG_HOME: '/nonexistent' });
    expect(loaded.ok && loaded.value).toMatchObject({ found: false, config: {} });
  });

  it('given a file, then it is read; given one that cannot be, then it says so', async () => {
    const env = { XDG_CONFIG_HOME: directory };
    await writeFile(configPath(env), 'theme: none\n');
    expect(loadConfig(env)).toMatchObject({ ok: true, value: { config: { theme: 'none' } } });
    await rm(configPath(env));
    await mkdir(configPath(env));
    expect(loadConfig(env)).toMatchObject({ ok: false, failure: { kind: 'misconfigured' } });
  });

  it('given variables, then XDG_CONFIG_HOME wins over HOME, and an empty one is none', () => {
    expect(configPath({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/midwatch/config.yaml');
    expect(configPath({ XDG_CONFIG_HOME: '', HOME: '/h' })).toBe('/h/.config/midwatch/config.yaml');
  });
});

describe('isProduction', () => {
  it.each([
    ['prod-eu', true],
    ['eu-PROD-1', true],
    ['non-prod', false],
    ['preprod-eu', false],
    ['staging', false],
    ['', false],
  ])('given no patterns, then %s is %s', (context, expected) => {
    expect(isProduction({})(context)).toBe(expected);
  });

  it('given patterns, then they alone decide, and nothing in them but * is special', () => {
    const production = isProduction({ production: ['live.*', 'non-prod'] });
    expect(['live.eu', 'non-prod', 'liveXeu', 'prod', 'a live.eu'].map(production)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(isProduction({ production: [] })('prod')).toBe(false);
  });
});
