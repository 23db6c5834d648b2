import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { startScriptedMonitoring } from '../support/scripted-monitoring.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'midwatch-runbook-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (path: string, lines: readonly string[]): string => {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `${lines.join('\n')}\n`);
  return full;
};

const run = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const io = {
    env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), LANG: 'C.UTF-8' },
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runProgram(['runbook', ...argv], io);
  return { code, out: out.replaceAll(home, '~'), err: err.replaceAll(home, '~') };
};

const good = ['# PayDown', '', '## Look', '', '```sh', 'kubectl get pods -n pay', '```'];
const bad = [
  '# Bad',
  '',
  '## Look',
  '',
  '```sh',
  'kubectl exec x -- sh',
  'kubectl logs x',
  '```',
  '',
  '[x](./no.md)',
];
const rules = (url: string): readonly string[] => [
  'groups:',
  '  - name: pay',
  '    rules:',
  '      - record: x',
  '      - alert: PayDown',
  '        annotations:',
  `          runbook_url: ${url}`,
  '          runbook_commit: 3f2c91a',
  '      - alert: Unheard',
  '        expr: up == 0',
];

describe('midwatch runbook lint', () => {
  it('given a folder without mistakes, then 0', async () => {
    put('books/PayDown.md', good);
    expect(await run('lint', join(home, 'books'))).toEqual({
      code: 0,
      out: '1 runbook looked at: 0 errors, 0 warnings\n',
      err: '',
    });
  });

  it('given mistakes, then file, line and column of each, in order, and 1', async () => {
    put('books/b.md', bad);
    put('books/PayDown.md', good);
    const { code, out } = await run('lint', join(home, 'books'));
    expect(code).toBe(1);
    expect(out.split('\n').map((l) => l.split(': ').slice(0, 2).join(': '))).toEqual([
      '~/books/b.md:6:1: error exec',
      '~/books/b.md:7:1: error unbounded-logs',
      '~/books/b.md:10:5: error link',
      '2 runbooks looked at: 3 errors, 0 warnings',
      '',
    ]);
  });

  it('given rules, then each has a runbook that is there, and tells its commit', async () => {
    put('books/PayDown.md', good);
    const file = put('rules.yaml', rules('https://runbooks.example/pay'));
    const { code, out } = await run('lint', '--rules', file, join(home, 'books'));
    expect(code).toBe(1);
    expect(out.split('\n').map((l) => l.split(': ').slice(0, 2).join(': '))).toEqual([
      '~/rules.yaml:7:24: error dead-link',
      '~/rules.yaml:9:16: error no-commit',
      '~/rules.yaml:9:16: error no-runbook',
      '1 runbook and 2 alert rules looked at: 3 errors, 0 warnings',
      '',
    ]);
    const mapped = put('rules.yaml', rules('PayDown.md').slice(0, 8));
    expect((await run('lint', '--rules', mapped, join(home, 'books'))).code).toBe(0);
  });

  it('given a Prometheus, then its rules are looked at; one that does not answer is 2', async () => {
    const prometheus = await startScriptedMonitoring();
    put('books/PayDown.md', good);
    const rule = { type: 'alerting', name: 'Unheard', annotations: {}, labels: {}, alerts: [] };
    const groups = [{ name: 'g', file: '/etc/r.yaml', rules: [rule] }];
    prometheus.answers.set('/api/v1/rules', {
      kind: 'json',
      body: { status: 'success', data: { groups } },
    });
    const found = await run('lint', '--prometheus', prometheus.url, join(home, 'books'));
    expect(found).toMatchObject({ code: 1 });
    expect(found.out).toContain('/etc/r.yaml:1:1: error no-runbook: Unheard has no runbook');
    await prometheus.close();
    expect((await run('lint', '--prometheus', prometheus.url, join(home, 'books'))).code).toBe(2);
  });

  it('given SARIF and JSON, then programs find the same', async () => {
    put('books/b.md', bad);
    const json = JSON.parse((await run('lint', '--json', join(home, 'books'))).out);
    const sarif = JSON.parse((await run('lint', '--sarif', join(home, 'books'))).out);
    expect(json).toMatchObject({ schema: 'midwatch.runbook-lint/v1', runbooks: 1, errors: 3 });
    const { results, tool } = sarif.runs[0];
    expect(results.map((r: { ruleId: string }) => r.ruleId)).toEqual(
      json.findings.map((f: { rule: string }) => f.rule),
    );
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe('exec');
    expect(results[0].locations[0].physicalLocation.region).toEqual({
      startLine: 6,
      startColumn: 1,
    });
  });

  it.each([
    [['/nonexistent'], 'there is no runbook at /nonexistent'],
    [['--rules', '/nonexistent.yaml'], 'cannot be read (ENOENT)'],
  ])('given %j, then 2, and why', async (argv, why) => {
    const { code, err } = await run('lint', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});

describe('midwatch runbook list, show and render', () => {
  const chart = [
    '# Ring',
    '',
    '```mermaid',
    'flowchart TD',
    'A{Full?} -->|yes| B[Clean]',
    'A -->|no| C[Wait]',
    '```',
    '',
    '## Clean',
    '',
    'Clean it.',
  ];

  beforeEach(() => {
    put('books/ring.md', ['---', 'alerts: [RingDown]', '---', ...chart]);
    put('books/.git/HEAD', [`${'a'.repeat(40)}`]);
    put('config/midwatch/config.yaml', [
      'runbooks:',
      '  folders: [~/books]',
      '  prefixes: [{ from: "https://r.example/*/books/", to: ~/books }]',
    ]);
  });

  it('given a folder in the configuration, then its runbooks come first, with their commit', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(/^ring +~\/books @ aaaaaaa +RingDown +Ring$/);
    expect(out).toContain('shipped');
  });

  it.each([
    ['RingDown', 'the runbook is for RingDown'],
    ['ring', 'the file is called ring.md'],
    ['https://r.example/main/books/ring', 'its address begins with https://r.example/*/books/'],
  ])('given %s, then the runbook, and why it is this one', async (name, why) => {
    const { code, out } = await run('show', name);
    expect(code).toBe(0);
    expect(out).toContain(`Ring\n~/books/ring.md @ aaaaaaa: ${why}\n`);
    expect(out).toContain('1. Full?\n   yes -> 2 Clean\n   no -> 3 Wait\n');
  });

  it.each([
    ['RingDwn', 'there is no runbook "RingDwn"'],
    ['https://elsewhere.example/x', 'fetching is off'],
  ])('given %s, then 2, and why', async (name, why) => {
    const { code, err } = await run('show', name);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  it('given a chart, then it is drawn where it fits, and the steps are told', async () => {
    const wide = await run('render', 'ring', '--ascii');
    expect(wide.out).toMatch(
      /Full\?[\s\S]*yes[\s\S]*no[\s\S]*Clean[\s\S]*Wait[\s\S]* 1 {2}Full\?\n/,
    );
    expect(wide.out.split('\n').every((line) => /^[\x20-\x7e]*$/.test(line))).toBe(true);
    const narrow = await run('render', 'ring', '--ascii', '--width', '8');
    expect(narrow.out).toContain('columns, and there are 8.');
    expect(narrow.out).not.toContain('yes -> 2 Clean');
    const rail = await run('render', 'ring', '--width', '18');
    expect(rail.out).toMatch(/\n○ 1 ◇ Full\?\n├─ yes\n│ {2}○ 2 Clean\n[├╰]─ no\n/);
  });
});
