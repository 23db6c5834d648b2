import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileCharacter } from '../../src/kernel/text.ts';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';

const hostile = new RegExp(hostileCharacter);

/** Pieces that runbooks are made of, and pieces that break parsers. */
const pieces = [
  '# Title',
  '## Diagnosis {#A}',
  '### Mitigation',
  '## Meaning',
  '---\nrunbook: v1\nalerts: [a, b]\n---',
  '---\nsteps: { A: { branch: [{ edge: x, when: { stdout: "(a+)+$" } }] } }\n---',
  '---\n<<: *a\n---',
  '---\nrunbook: v1\ntitle: "\\e[31mx"\nalerts: ["\\e]0;x\\a", "\\u202Ey"]\nvars: { "a\\e": "labels.\\e" }\nsteps: { __proto__: { next: x }, constructor: { risk: read } }\n---',
  '```mermaid\nflowchart TD\nA --> B\nB -->|x| C\n```',
  '```mermaid\ngraph LR\nA[x --> B\n```',
  `\`\`\`sh {"name":"x","type":"logs"}\nkubectl logs -n \${ns} $POD\n\`\`\``,
  '```sh { name=y since="30m" }\nkubectl exec <pod> -- etcdctl endpoint status\n```',
  '~~~console\n$ oc rsh pod/x | grep y \\\n  z\noutput\n~~~',
  '```promql\nup{job="$JOB"} < 1\n```',
  '```sh {type=choice}\nWhich?\nyes -> diagnosis\n```',
  '```sh {type=watch}\npod/x Ready\n```',
  '- [ ] one\n- [x] two',
  '1. first `kubectl get pods`\n2. second\n   ```\n   kubectl top nodes\n   ```',
  '> [!WARNING] look\n> out',
  ':::tip\nhint\n:::',
  '!!! danger "x"\n    inside',
  '<details><summary>s</summary>\n\nx\n\n</details>',
  '<!-- step: B -->',
  '<!-- ',
  '| a | b |\n|---|---|\n| `x` | y |',
  '[link](./other.md#x) ![image](http://x/y.png) <http://z>',
  '[ref]: http://example.com',
  '{{< hint info >}}\nx\n{{< /hint >}}',
  `{{ labels.namespace }} {{ $labels.pod | toUpper }} \${x} $Y <z> XXX`,
  '\u001b[31mred\u001b[0m \u202eevil\u202c \u200b\u0000 &#27; &#x202e;',
  '***a **b _c `d ~~e [f](g',
  '>'.repeat(30),
  '- '.repeat(30),
  '\t\t\tx',
  '',
  '\\',
  '`',
  '"',
];

const text = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    ),
    {
      maxLength: 14,
    },
  )
  .chain((all) => fc.constantFrom('\n', '\n\n', '\r\n', '').map((between) => all.join(between)));

/** Every text in a value, however deep. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
};

const ends = (of: {
  readonly branches: readonly { readonly to: string }[];
  readonly next: string | null;
}) => (of.branches.length > 0 ? of.branches.map((b) => b.to) : of.next === null ? [] : [of.next]);

describe('any text as a runbook', () => {
  it('given 10 000 texts, when they are parsed, then none throws and what comes out holds together', () => {
    fc.assert(
      fc.property(text, (input) => {
        const { runbook, diagnostics } = parseRunbook(input, 'x.md');
        const lines = input.split(/\r\n?|\n/).length;
        const ids = runbook.steps.map((s) => s.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(runbook.steps.map((s) => s.number)).toEqual(ids.map((_, n) => n + 1));
        for (const step of runbook.steps) {
          for (const to of ends(step)) expect(ids).toContain(to);
          expect(step.blocks.flatMap((b) => textsIn(b)).filter((t) => hostile.test(t))).toEqual([]);
          expect(hostile.test(step.title)).toBe(false);
        }
        const tasks = runbook.steps.flatMap((s) => s.tasks);
        expect(new Set(tasks.map((t) => t.id)).size).toBe(tasks.length);
        const names = new Set(runbook.parameters.map((p) => p.name));
        const used = JSON.stringify(tasks).matchAll(
          /"kind":"parameter","name":"((?:[^"\\]|\\.)*)"/g,
        );
        for (const [, name] of used) expect(names).toContain(JSON.parse(`"${name}"`));
        const { panels, alerts, title, parameters } = runbook;
        const shown = textsIn([panels, alerts, title, parameters]);
        expect(shown.filter((t) => hostile.test(t))).toEqual([]);
        for (const d of diagnostics) {
          expect(d.line).toBeGreaterThan(0);
          expect(d.line).toBeLessThanOrEqual(lines + 1);
          expect(d.col).toBeGreaterThan(0);
          expect(hostile.test(d.message + d.hint)).toBe(false);
        }
      }),
      { numRuns: 10_000, seed: 20_261_123 },
    );
  });

  it('given the same text twice, then the same comes out', () => {
    fc.assert(
      fc.property(text, (input) => {
        expect(parseRunbook(input, 'x.md')).toEqual(parseRunbook(input, 'x.md'));
      }),
      { numRuns: 300 },
    );
  });
});
