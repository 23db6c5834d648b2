import { absurd } from '../kernel/absurd.ts';
import type { Block, Inline } from '../runbooks/document.ts';
import type { Plan } from '../runbooks/plan.ts';
import type { Runbook, Step, Task } from '../runbooks/runbook.ts';
import { durationText } from '../runbooks/steps/duration.ts';
import { templateText } from '../runbooks/steps/template.ts';

const words = (runs: readonly Inline[]): string =>
  runs
    .map(({ text, style, href }) => {
      const marked = style === 'code' ? `\`${text}\`` : text;
      return href === '' || href === text ? marked : `${marked} <${href}>`;
    })
    .join('');

const indented = (lines: readonly string[], by: string): readonly string[] =>
  lines.map((line) => (line === '' ? '' : `${by}${line}`));

/** Blocks as plain lines. */
export const blockLines = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case 'paragraph':
        return [words(block.text)];
      case 'heading':
        return [words(block.text).toUpperCase()];
      case 'list':
        return block.items.flatMap((item, n) => {
          const box = item.checked === null ? '' : item.checked ? '[x] ' : '[ ] ';
          const mark = `${block.start === null ? '-' : `${block.start + n}.`} ${box}`;
          const [first = '', ...rest] = blockLines(item.blocks);
          return [`${mark}${first}`, ...indented(rest, '  ')];
        });
      case 'code':
        return indented(block.lines, '    ');
      case 'table':
        return [block.head, ...block.rows].map((row) => row.map(words).join(' | '));
      case 'admonition':
        return [
          `${block.tone.toUpperCase()}${block.title === '' ? '' : `: ${block.title}`}`,
          ...indented(blockLines(block.blocks), '  '),
        ];
      case 'quote':
        return indented(blockLines(block.blocks), '> ');
      case 'details':
        return [block.summary, ...indented(blockLines(block.blocks), '  ')];
      case 'rule':
        return ['---'];
      default:
        return absurd(block);
    }
  });

/** A plan in a few words. */
export const planText = (plan: Plan): string => {
  switch (plan.kind) {
    case 'logs': {
      const { subject, since, tail, filter } = plan;
      const name =
        subject.names.map(templateText).join(' ') ||
        (subject.selector === null ? '' : templateText(subject.selector));
      return `logs of ${subject.resource} ${name}, last ${durationText(since)}, ${tail} ${tail === 1 ? 'line' : 'lines'}${filter === '' ? '' : `, with "${filter}"`}`;
    }
    case 'debug':
      return `debug container in ${plan.subject.names.map(templateText).join(' ')}${plan.look.length === 0 ? '' : `: ${plan.look.map(templateText).join(' ')}`}`;
    case 'etcd': {
      const argument = plan.argument === null ? '' : ` ${templateText(plan.argument)}`;
      return `etcd ${plan.call}${argument}${plan.member === null ? ', each member' : ` of ${templateText(plan.member)}`}`;
    }
    case 'query':
      return `query ${templateText(plan.promql)}`;
    case 'http':
      return `GET ${templateText(plan.url)}`;
    case 'kubectl': {
      const { verb, subject, rest } = plan;
      const names = [...subject.names, ...rest].map(templateText).join(' ');
      return `${verb} ${subject.resource === 'all' ? '' : `${subject.resource} `}${names}`.trim();
    }
    case 'watch':
      return `wait up to ${durationText(plan.within)}`;
    case 'manual':
      return 'by hand';
    case 'checklist':
      return `tick off ${plan.items.length}`;
    case 'choice':
      return plan.question === '' ? 'choose' : plan.question;
    case 'refused':
      return plan.instead === null
        ? `not run: ${plan.why}`
        : `not run: ${plan.why}; instead ${planText(plan.instead)}`;
    default:
      return absurd(plan);
  }
};

const taskLine = (task: Task): string => `* [${task.risk}] ${planText(task.plan)}`;

/** Where a step leads, one way a line. */
export const wayLines = (step: Step, steps: readonly Step[], arrow: string): readonly string[] => {
  const named = (id: string): string => {
    const to = steps.find((s) => s.id === id);
    return to === undefined ? id : `${to.number} ${to.title}`;
  };
  if (step.branches.length > 0) {
    return step.branches.map((b) => {
      const label = b.label === '' ? '' : `${b.label} `;
      return `${label}${arrow} ${named(b.to)}${b.when === null ? '' : '  (by rule)'}`;
    });
  }
  const following = steps[step.number];
  return step.next === null || following?.id === step.next ? [] : [`${arrow} ${named(step.next)}`];
};

/** The steps as a list: what to do, what it costs, where it leads. */
export const stepLines = (runbook: Runbook, arrow: string): readonly string[] =>
  runbook.steps.flatMap((step) => [
    `${String(step.number).padStart(3)}  ${step.title}`,
    ...step.tasks.map((task) => `       ${taskLine(task)}`),
    ...wayLines(step, runbook.steps, arrow).map((line) => `       ${line}`),
  ]);

/** All of a runbook, for reading without a screen. */
export const runbookLines = (runbook: Runbook): readonly string[] => [
  ...runbook.panels.flatMap((panel) => [
    '',
    ...(panel.title === '' ? [] : [panel.title.toUpperCase()]),
    ...blockLines(panel.blocks),
  ]),
  ...(runbook.brokenChart === null
    ? []
    : [
        '',
        'The flowchart cannot be read:',
        ...runbook.brokenChart.diagnostics.map((d) => `  line ${d.line}: ${d.message}`),
      ]),
  ...runbook.steps.flatMap((step) => [
    '',
    `${step.number}. ${step.title}`,
    ...indented(blockLines(step.blocks), '   '),
    ...step.tasks.map((task) => `   ${taskLine(task)}`),
    ...wayLines(step, runbook.steps, '->').map((line) => `   ${line}`),
  ]),
];
