import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';
import type { Step } from '../../src/runbooks/runbook.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/runbooks/${name}`, import.meta.url), 'utf8');

const waysOf = (step: Step): string =>
  step.branches.length > 0
    ? step.branches.map((b) => `${b.label}>${b.to}`).join(' ')
    : (step.next ?? 'end');
const outline = (steps: readonly Step[]) =>
  steps.map((s) => `${s.number} ${s.id} ${waysOf(s)} ${s.tasks.map((t) => t.plan.kind)}`.trim());
const said = (text: string, fragment = '') =>
  parseRunbook(text, 'x.md', fragment).diagnostics.map(
    (d) => `${d.line}:${d.col} ${d.severity} ${d.rule} ${d.message}`,
  );

describe('a runbook with a flowchart', () => {
  const { runbook, diagnostics } = parseRunbook(fixture('etcd-disk-quota.md'), 'etcd.md');

  it('then its steps are the nodes, in walking order, with the sections bound to them', () => {
    expect(outline(runbook.steps)).toEqual([
      '1 A B logs',
      '2 B v3.5+>C v3.4>D refused,refused',
      '3 C E refused',
      '4 E F refused',
      '5 F end debug',
      '6 D end',
    ]);
    expect(runbook.title).toBe('etcd disk quota exceeded');
    expect(runbook.alerts).toEqual(['etcd_disk_quota_exceeded', 'etcdDatabaseQuotaLowSpace']);
    expect(runbook.panels.map((p) => p.kind)).toEqual(['meaning', 'impact']);
    expect(runbook.steps[2]?.under).toEqual(['Mitigation']);
  });

  it('then an exec is never a plan: etcd is asked itself, and lint says where', () => {
    const [, version] = runbook.steps.flatMap((s) => s.tasks);
    expect(version?.plan).toMatchObject({
      kind: 'refused',
      instead: { kind: 'etcd', call: 'status', member: [{ kind: 'parameter', name: 'pod' }] },
    });
    expect(diagnostics.map((d) => `${d.line}:${d.col} ${d.rule}`)).toEqual([
      '48:1 exec',
      '51:1 exec',
      '60:1 exec',
      '70:1 exec',
      '76:1 risk',
    ]);
  });

  it('then a branch has its rule, and the risk is the higher of what is declared and what it is', () => {
    expect(runbook.steps[1]?.branches[0]?.when).toEqual({
      kind: 'text',
      pattern: String.raw`etcdctl version: 3\.([5-9]|[1-9]\d)`,
    });
    expect(runbook.steps.flatMap((s) => s.tasks.map((t) => `${t.id} ${t.risk}`))).toEqual([
      'A1 read',
      'B1 read',
      'B2 read',
      'C.1 change',
      'E.1 disruptive',
      'F.1 change',
    ]);
  });

  it('then parameters come from labels, results and the operator', () => {
    expect(runbook.parameters.map((p) => `${p.name} ${p.type} ${p.from[0]?.kind}`)).toEqual([
      'ns namespace label',
      'pod name label',
      'rev number task',
    ]);
  });

  it('given a chart with an error, then it is shown as one and the sections are walked', () => {
    const broken = parseRunbook(
      fixture('etcd-disk-quota.md').replace('C --> E[', 'C --> E[['),
      'etcd.md',
    );
    expect(broken.runbook.chart).toBeNull();
    expect(broken.runbook.brokenChart?.diagnostics[0]?.severity).toBe('error');
    expect(broken.runbook.steps.map((s) => s.id)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    const chart = broken.diagnostics.filter((d) => d.rule === 'chart');
    expect(chart[0]?.line).toBe(32);
  });
});

describe('a plain runbook', () => {
  const { runbook, diagnostics } = parseRunbook(fixture('plain.md'), 'plain.md');

  it('then lists of commands and procedures become steps', () => {
    expect(outline(runbook.steps)).toEqual([
      '1 diagnosis/1 diagnosis/2 kubectl',
      '2 diagnosis/2 diagnosis/after-2 logs',
      '3 diagnosis/after-2 mitigation/1 kubectl,refused',
      '4 mitigation/1 mitigation/2 manual',
      '5 mitigation/2 end checklist',
    ]);
    expect(runbook.panels.map((p) => p.kind)).toEqual(['meaning', 'impact', 'appendix']);
    expect(runbook.steps[4]?.blocks.at(-1)).toMatchObject({ kind: 'admonition', tone: 'warning' });
  });

  it('then different spellings are one parameter', () => {
    expect(runbook.parameters.map((p) => p.name)).toEqual(['pod', 'namespace']);
  });

  it('then places are those of the file, within lists too', () => {
    expect(diagnostics.map((d) => `${d.line}:${d.col} ${d.rule}`)).toEqual([
      '16:18 unbounded-logs',
      '24:3 exec',
    ]);
    expect(runbook.steps[3]?.tasks[0]).toMatchObject({ line: 31, col: 4, risk: 'disruptive' });
  });
});

describe('any Markdown', () => {
  it('given only one heading, then what is under it is the step', () => {
    expect(outline(parseRunbook('# A\n\nrestart it', 'a.md').runbook.steps)).toEqual(['1 a end']);
  });

  it('given a heading of a page of many alerts, then only that is the runbook', () => {
    const page = '# All\n\n## One\n\n### Do\n\na\n\n## Two\n\nb\n';
    const { runbook } = parseRunbook(page, 'x.md', 'one');
    expect(runbook.title).toBe('One');
    expect(runbook.steps.map((s) => s.title)).toEqual(['Do']);
    expect(said(page, 'three')).toEqual(['1:1 error link there is no heading "#three"']);
  });

  it('given links in a list, then they are ways, and going on is one of them', () => {
    const text =
      '# T\n\n## Look\n\n- If full, [clean](#clean).\n- If slow, [wait](#wait).\n\n## Clean\n\nx\n\n## Wait\n\ny\n';
    const [look] = parseRunbook(text, 'x.md').runbook.steps;
    expect(look?.branches.map((b) => `${b.label}>${b.to}`)).toEqual([
      'If full, clean.>clean',
      'If slow, wait.>wait',
    ]);
  });

  it('given a choice and a watch, then they are tasks, and answers are branches', () => {
    const text =
      '# T\n\n## Ask\n\n```sh {type=choice}\nIs it full?\nyes -> clean\nno -> nowhere\n```\n\n## Clean\n\n```sh {type=watch timeout=5m}\npod/x Ready\nsum(up) >= 3\n```\n';
    const { runbook } = parseRunbook(text, 'x.md');
    expect(runbook.steps[0]?.branches.map((b) => `${b.label}>${b.to}`)).toEqual(['yes>clean']);
    expect(runbook.steps[1]?.tasks.map((t) => t.plan)).toMatchObject([
      { kind: 'watch', within: 300_000, until: { kind: 'object', condition: 'Ready' } },
      { kind: 'watch', until: { kind: 'query', is: '>=', value: 3 } },
    ]);
    expect(said(text)).toEqual(['8:1 error branch there is no step "nowhere"']);
  });

  it.each(
    [
      ['---\nrunbook: v1\nalrts: x\n---\n# A\nx', '3:1 warning front-matter unknown key "alrts"'],
      ['---\na: [\n---\n# A\nx', 'error front-matter front matter is no YAML'],
      ['---\nsteps: { Z: { next: a } }\n---\n# A\nx', '2:1 error binding there is no step "Z"'],
      ['# A\n\n```sh {type=lgos}\nx\n```', '3:1 error attribute type="lgos" is not known'],
      [
        '# A\n\n```sh {type=logs}\nkubectl get pods\n```',
        'unknown-action type=logs, and it is kubectl',
      ],
      ['# A\n\n[x](#nope)', '3:5 error link there is no heading "#nope"'],
      ['```mermaid\ngraph TD\nA-->B\nB-->A\n```', 'dead-end from "A" no way comes to an end'],
      [
        '```mermaid\ngraph TD\nA-->B\n```\n## C {#X}\ny',
        '5:6 error binding the chart has no node "X"',
      ],
      [`# A\n\n${'> '.repeat(21)}x`, '3:1 error limit nested more than 20 deep'],
      [`# A\n\n${'x'.repeat(10_001)}`, '3:1 error limit a line of more than 10000 characters'],
      ['x\n'.repeat(20_001), '20001:1 error limit more than 20000 lines'],
      ['x'.repeat(1_048_577), '1:1 error limit larger than 1 MiB'],
      [`# A\n\n${'1. x\n'.repeat(501)}`, 'error limit more than 500 steps'],
      ['# A', 'warning no-steps'],
    ].map(([text, expected]) => ({ text, expected })),
  )('given what is wrong, then it is told: $expected', ({ text, expected }) => {
    expect(said(text ?? '').join('\n')).toContain(expected);
  });

  it('given characters that a terminal obeys, then none of them gets through', () => {
    const text =
      '# T\u001b]0;x\u0007itle\n\n## D\u202eo\n\na&#27;[31m \u200bb `c\u0007`\n\n```sh\nkube\u200bctl get pods\n```\n';
    const { runbook } = parseRunbook(text, 'x.md');
    expect(runbook.title).toBe('Title');
    expect(runbook.steps[0]).toMatchObject({ title: 'Do', tasks: [{ plan: { kind: 'kubectl' } }] });
    expect(runbook.steps[0]?.blocks[0]).toMatchObject({
      text: [{ text: 'a b ' }, { text: 'c', style: 'code' }],
    });
  });

  it('given HTML, images and shortcodes, then text is left, and addresses are links', () => {
    const text =
      '# T\n\n## Do\n\n<script>alert(1)</script>\n\n![pic](http://x/p.png) {{< ref "./o.md" >}}\n\n<details><summary>More</summary>\n\ninner\n\n</details>\n';
    const { runbook } = parseRunbook(text, 'x.md');
    expect(runbook.steps[0]?.blocks).toMatchObject([
      { kind: 'paragraph', text: [{ text: 'alert(1)' }] },
      {
        kind: 'paragraph',
        text: [{ text: 'image: pic', href: 'http://x/p.png' }, { text: ' ./o.md' }],
      },
      { kind: 'details', summary: 'More', blocks: [{ kind: 'paragraph' }] },
    ]);
    expect(runbook.links).toMatchObject([{ href: 'http://x/p.png', image: true, line: 7 }]);
  });
});
