import { diagnostic } from '../diagnose.ts';
import type { Fence } from '../markdown/blocks.ts';
import { clean } from '../markdown/clean.ts';
import type { Plan } from '../plan.ts';
import type { Risk } from '../runbook.ts';
import { byHand, type Classified, reading, riskOf } from './classified.ts';
import { commandDrafts, readOne } from './command-drafts.ts';
import { commandLines, holdsCommands } from './command-lines.ts';
import { choiceOf, conditionOf, debugOf, itemsOf, requestOf } from './declared-plans.ts';
import { durationOf } from './duration.ts';
import { etcdPlan } from './etcd-plan.ts';
import type { FenceSays } from './fence-attributes.ts';
import { keptLines } from './kept-lines.ts';
import { promqlTemplate, queriesIn } from './promql.ts';
import type { Draft, TaskPlace } from './task-draft.ts';
import { readCommand } from './words.ts';

/** What a fence says it is, and what its commands are. */
const fits = (says: FenceSays, plan: Plan): boolean => {
  const kind = plan.kind === 'refused' && plan.instead !== null ? plan.instead.kind : plan.kind;
  switch (says.type) {
    case 'logs':
    case 'kubectl':
    case 'http':
    case 'etcd':
      return kind === says.type;
    default:
      return true;
  }
};

const checked = (drafts: readonly Draft[], says: FenceSays, at: TaskPlace): readonly Draft[] => {
  for (const { classified, place } of drafts) {
    if (fits(says, classified.plan)) continue;
    const { plan } = classified;
    const is = plan.kind === 'manual' ? 'done by hand' : plan.kind;
    const message = `type=${says.type}, and it is ${is}`;
    at.report(
      diagnostic('error', 'unknown-action', place, message, 'correct the type or the command'),
    );
  }
  return drafts;
};

const lineDrafts = (
  fence: Fence,
  of: (line: string, number: number) => Classified | null,
  words: string,
  at: TaskPlace,
): readonly Draft[] =>
  fence.text.split('\n').flatMap((line, n): readonly Draft[] => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const place = { line: fence.first + n, col: fence.col + line.length - line.trimStart().length };
    const classified = of(line.trim(), place.line);
    if (classified !== null) return [{ classified, source: line.trim(), place }];
    at.report(diagnostic('error', 'unknown-action', place, `cannot read "${line.trim()}"`, words));
    return [{ classified: byHand(line.trim(), 'manual'), source: line.trim(), place }];
  });

const etcdDrafts = (fence: Fence, says: FenceSays, at: TaskPlace): readonly Draft[] =>
  checked(
    commandLines(fence).commands.map((command) => {
      const bare = !/^\s*(?:[A-Z_]+=\S+\s+)*(?:\S*etcdctl|kubectl|oc)\b/.test(command.text);
      const place = { line: command.line, col: command.col };
      if (!bare)
        return {
          classified: readOne(command, says.settings, at.book),
          source: command.text,
          place,
        };
      const { words, uses } = readCommand(command.text, at.book.naming(command.line));
      const short = words[0]?.text ?? '';
      const long: Readonly<Record<string, string>> = {
        status: 'endpoint status',
        health: 'endpoint health',
        hash: 'endpoint hashkv',
        members: 'member list',
        alarms: 'alarm list',
        disarm: 'alarm disarm',
      };
      const full = words.length === 1 ? (long[short]?.split(' ') ?? null) : null;
      const named = full?.map((text) => ({ value: [{ kind: 'text' as const, text }], text }));
      const classified =
        uses.length === 0
          ? etcdPlan(named ?? words, command.text)
          : readOne(command, says.settings, at.book);
      return { classified, source: command.text, place };
    }),
    says,
    at,
  );

const debugDrafts = (fence: Fence, says: FenceSays, at: TaskPlace): readonly Draft[] =>
  commandLines(fence).commands.map((command) => {
    const place = { line: command.line, col: command.col };
    const name = at.book.naming(command.line);
    const said = readCommand(command.text, name);
    const own = /^(?:kubectl|oc)$/.test(said.words[0]?.text ?? '');
    const classified =
      own || said.uses.length > 0
        ? readOne(command, says.settings, at.book)
        : debugOf(said.words, says, name);
    return { classified, source: command.text, place };
  });

const queryDrafts = (fence: Fence, says: FenceSays, at: TaskPlace): readonly Draft[] =>
  queriesIn(fence.text).map(({ text, before }) => {
    const line = fence.first + before;
    const over = durationOf(says.attribute('over'));
    const promql = promqlTemplate(text, at.book.naming(line));
    return {
      classified: reading({ kind: 'query', promql, over }),
      source: text,
      place: { line, col: fence.col },
    };
  });

const whole = (fence: Fence, plan: Plan, risk: Risk): readonly Draft[] => [
  { classified: { plan, risk, remarks: [], known: true }, source: fence.text, place: fence },
];

/** What can be done with a fence, by what it says it is, or by its language. */
export const fenceDrafts = (fence: Fence, says: FenceSays, at: TaskPlace): readonly Draft[] => {
  switch (says.type) {
    case 'query':
    case 'promql':
      return queryDrafts(fence, says, at);
    case 'http': {
      const request = (line: string, n: number): Classified | null => {
        const plan = requestOf(line, at.book.naming(n));
        return plan === null
          ? fitting(readOne({ text: line, line: n, col: 1 }, says.settings, at.book), 'http')
          : reading(plan);
      };
      return lineDrafts(fence, request, 'write a URL that begins with http:// or https://', at);
    }
    case 'etcd':
      return etcdDrafts(fence, says, at);
    case 'debug':
      return debugDrafts(fence, says, at);
    case 'watch': {
      const watch = (line: string, n: number): Classified | null => {
        if (/^(?:kubectl|oc)\s/.test(line)) {
          return fitting(readOne({ text: line, line: n, col: 1 }, says.settings, at.book), 'watch');
        }
        const until = conditionOf(line, says, at.book.naming(n));
        const within = says.settings.timeout;
        return until === null ? null : reading({ kind: 'watch', until, within });
      };
      return lineDrafts(
        fence,
        watch,
        'e.g. pod/x Ready, gone pod/x, resolved, healed, quorum, or a query with a comparison',
        at,
      );
    }
    case 'manual':
    case 'link': {
      const risk = commandDrafts(fence, { ...says, type: null }, at).reduce<Risk>(
        (worst, d) => riskOf(worst, d.classified.risk),
        'manual',
      );
      return whole(fence, { kind: 'manual', copy: keptLines(fence.text) }, risk);
    }
    case 'checklist':
      return whole(fence, itemsOf(fence.text), 'manual');
    case 'choice': {
      const { question, ways } = choiceOf(fence.text);
      at.onChoice(ways, fence);
      return whole(fence, { kind: 'choice', question: clean(question) }, 'read');
    }
    case 'logs':
    case 'kubectl':
    case 'exec':
      return checked(commandDrafts(fence, says, at), says, at);
    default:
      if (fence.info.language === 'promql') return queryDrafts(fence, says, at);
      return holdsCommands(fence.info.language) ? commandDrafts(fence, says, at) : [];
  }
};

const fitting = (classified: Classified, kind: Plan['kind']): Classified | null =>
  classified.plan.kind === kind ? classified : null;
