import { durationText } from '../../runbooks/steps/duration.ts';
import type { CommandId } from '../keymap.ts';
import type { Act, ViewInput } from '../view.ts';
import { walkOf } from './choices.ts';
import type { WalkIntent } from './desk.ts';
import { openRuns, type Walking } from './situation.ts';
import { usualWait } from './worded.ts';

const say = (text: string): Act => ({ kind: 'say', text });

const ask = (at: Walking, sign: string, hint: string, intent: WalkIntent): Act => ({
  kind: 'ask',
  prompt: { kind: 'words', text: '', sign, hint, walk: walkOf(at, intent) },
});

const wait = (at: Walking): Act => {
  const timer = at.current?.visit.timer ?? null;
  if (timer !== null) {
    return {
      kind: 'walk',
      walk: walkOf(at, { kind: 'stopWaiting' }),
      args: { step: '', item: '', top: '' },
    };
  }
  const hint = `enter waits ${durationText(usualWait)}; or 30s, 1h, and what for`;
  return ask(at, 'look again in', hint, { kind: 'wait', wait: usualWait, why: '' });
};

const finish = (at: Walking): Act => {
  const step = at.current?.step;
  const last = step?.next === null && step.branches.length === 0;
  return last
    ? ask(at, 'done', 'enter ends the run; or a word about how it ended', {
        kind: 'finish',
        note: '',
      })
    : ask(at, 'done because', 'why it is done before its last step', { kind: 'finish', note: '' });
};

const abandon = (at: Walking, reason: string | undefined): Act =>
  reason === undefined
    ? ask(at, 'abandon because', 'why; a second key then confirms it', {
        kind: 'confirm',
        reason: '',
      })
    : {
        kind: 'walk',
        walk: walkOf(at, { kind: 'abandon', reason }),
        args: { abandon: '', step: '', item: '', top: '' },
      };

/** What of a place belongs to the run that is left. */
const leave = { alert: '', runbook: '', labels: '', abandon: '' } as const;

const nextRun = (at: Walking, { world }: ViewInput): Act => {
  const all = openRuns(world);
  const here = all.findIndex(({ id }) => id === at.run?.id);
  const next = all[(here + 1) % all.length];
  return next === undefined || next.id === at.run?.id
    ? say('no other run goes on; :rb lists the runs and all runbooks')
    : {
        kind: 'look',
        args: { ...leave, run: next.id, step: '', item: '', top: '', evidence: '' },
      };
};

/** What keys do that are about the run and not about a step of it; null for all others. */
export const runAct = (command: CommandId, at: Walking, input: ViewInput): Act | null => {
  const { abandon: reason } = input.place.args;
  const about = ['runbook.wait', 'runbook.finish', 'runbook.abandon'].includes(command);
  if (reason !== undefined && command !== 'runbook.abandon') {
    return { kind: 'look', args: { abandon: '' } };
  }
  if (about && at.run === null) return say('a run begins with enter on its first step');
  if (about && at.run?.ended != null)
    return say(`the run is ${at.run.ended.how}; enter begins another`);
  switch (command) {
    case 'runbook.wait':
      return wait(at);
    case 'runbook.finish':
      return finish(at);
    case 'runbook.abandon':
      return abandon(at, reason);
    case 'runbook.runs':
      return nextRun(at, input);
    default:
      return null;
  }
};
