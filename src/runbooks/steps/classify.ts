import type { Plan } from '../plan.ts';
import { byHand, type Classified, type Remark, refused, riskOf } from './classified.ts';
import { etcdPlan } from './etcd-plan.ts';
import { oneLine } from './kept-lines.ts';
import { kubectlPlan } from './kubectl-plan.ts';
import { httpPlan, promtoolPlan, toolPlan } from './other-plans.ts';
import type { Settings } from './settings.ts';
import type { Command, ShellUse, Word } from './words.ts';

const programOf = (word: Word | undefined): string => (word?.text ?? '').replace(/^.*\//, '');

/** One command without anything of a shell. */
const plainly = (
  words: readonly Word[],
  settings: Settings,
  source: string,
  filter = '',
): Classified => {
  const [first, ...rest] = words;
  const program = programOf(first);
  switch (program) {
    case 'kubectl':
    case 'oc':
    case 'k':
      return kubectlPlan(rest, settings, source, filter);
    case 'etcdctl':
      return etcdPlan(rest, source);
    case 'curl':
    case 'wget':
      return httpPlan(program, rest, source);
    case 'promtool':
      return promtoolPlan(rest, source);
    default:
      return toolPlan(program, rest, source);
  }
};

const filters: ReadonlySet<string> = new Set(
  'grep egrep fgrep head tail sort uniq wc less more cat jq yq awk sed cut column tr tac nl'.split(
    ' ',
  ),
);

/** The word that `grep` looks for; '' when it looks for nothing simple. */
const grepped = (stage: readonly Word[]): string => {
  const [first, ...rest] = stage;
  if (!/^[ef]?grep$/.test(programOf(first))) return '';
  if (rest.some((w) => /^-[a-zA-Z]*v/.test(w.text ?? ''))) return '';
  return rest.find((w) => w.text !== null && !w.text.startsWith('-'))?.text ?? '';
};

const says: Readonly<Record<ShellUse, string>> = {
  pipe: 'a pipe',
  list: 'several commands in one line',
  substitution: 'a command within a command',
  redirect: 'a redirection',
  background: 'a command in the background',
  variable: 'a variable of a shell',
  quote: 'a quote that does not end',
};

/** Looks into what is not taken apart: an exec in a loop is one all the same. */
const hiddenExec =
  /\b(?:kubectl|oc)\b(?:\s+-\S+(?:[ =]\S+)?){0,6}\s+(?:exec|rsh|attach|cp|rsync)\b/;

export const execIn = (source: string): readonly Remark[] =>
  hiddenExec.test(oneLine(source))
    ? [
        {
          severity: 'error',
          rule: 'exec',
          message: 'no command is run inside a container',
          hint: 'ask etcd with an etcd step, look into a container with a debug step',
        },
      ]
    : [];

const reads = (plan: Plan): boolean =>
  ['kubectl', 'logs', 'query', 'http', 'watch', 'etcd'].includes(plan.kind);

/** What a command does, by its words alone; what only a shell could do is shown, and done without it where it can be. */
export const classify = (command: Command, settings: Settings, source: string): Classified => {
  const { words, uses, stages } = command;
  if (uses.length === 0) return plainly(words, settings, source);
  const filter = stages.map(grepped).find((word) => word !== '') ?? '';
  const first = plainly(words, settings, source, filter);
  const behind = stages.map((stage) => {
    const inner = programOf(stage[0]) === 'xargs' ? stage.filter((_, n) => n > 0) : stage;
    const at = inner.findIndex((w) => /^[a-z]/.test(w.text ?? ''));
    return plainly(inner.slice(Math.max(0, at)), settings, source);
  });
  const risk = [first, ...behind].reduce(
    (worst, c) => riskOf(worst, c.risk),
    byHand('', 'read').risk,
  );
  const why = `${uses.map((use) => says[use]).join(', ')}: no shell is run`;
  const simple = uses.every((use) => use === 'pipe' || use === 'redirect');
  const filtered = stages.every((stage) => filters.has(programOf(stage[0])));
  const own = first.plan.kind === 'refused' ? first.plan.instead : first.plan;
  const instead = simple && filtered && own !== null && reads(own) && first.known ? own : null;
  const entered = first.remarks.some((r) => r.rule === 'exec') ? [] : execIn(source);
  const hint =
    instead === null ? 'write the commands one by one' : 'the first command is read as it is';
  const said = refused(why, instead, { severity: 'warning', rule: 'shell' }, hint, risk);
  return { ...said, known: first.known, remarks: [...first.remarks, ...entered, ...said.remarks] };
};
