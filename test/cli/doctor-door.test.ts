import { describe, expect, it } from 'vitest';
import {
  actionQuestions,
  actionsLine,
  type DoorSeen,
  doorLine,
  execLine,
  execQuestions,
} from '../../src/cli/doctor-door.ts';
import type { DoctorLine } from '../../src/cli/doctor-line.ts';
import type { Answered, Question } from '../../src/cli/doctor-rights.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import type { Access } from '../../src/kernel/ports.ts';
import { epochMs } from '../../src/kernel/units.ts';

/** Whether others could is asked; no path is made of it. */
const inContainers = ['pods', 'exec'].join('/');
const at = epochMs(Date.UTC(2026, 10, 23, 21, 43));

const said = ({ mark, text }: DoctorLine): string => `${mark} ${text}`;

const answers = (
  questions: readonly Question[],
  everywhere: (access: Access) => boolean,
  own: (access: Access) => boolean = () => false,
): readonly Answered[] =>
  questions.map((q) => ({
    ...q,
    everywhere: ok(everywhere(q.access)),
    own: everywhere(q.access) || !q.perNamespace ? null : ok(own(q.access)),
  }));

const door = (audit: DoorSeen['audit']): DoorSeen => ({ mode: 'guarded', policy: 'usual', audit });

describe('the door, as the doctor sees it', () => {
  it('given an audit that can be written, then its mode, its class, its last record and its last seal are told', () => {
    const path = '/state/audit.jsonl';
    expect(said(doorLine(door(ok({ path, last: at, sealed: at }))))).toBe(
      'ok guarded, by class usual of the policy; audit /state/audit.jsonl can be written, last record 2026-11-23T21:43:00Z, last seal 2026-11-23T21:43:00Z',
    );
    expect(said(doorLine(door(ok({ path, last: null, sealed: null }))))).toMatch(
      /^ok .*nothing is in it yet, no seal$/,
    );
    expect(doorLine(door(ok({ path, last: at, sealed: null })))).toMatchObject({
      mark: 'warn',
      fix: expect.stringContaining('midwatch audit verify'),
    });
  });

  it('given an audit that cannot be written, then the door is closed, and there is a fix', () => {
    const why = failure('misconfigured', 'write the audit', 'it cannot be written');
    const line = doorLine(door(failed(why)));
    expect(said(line)).toBe(
      'bad guarded, by class usual of the policy; closed: it cannot be written',
    );
    expect(line.fix).not.toBe('');
  });

  it.each<[string, readonly Answered[], string]>([
    [
      'both verbs everywhere',
      answers(execQuestions, () => true),
      `warn yes, with other programs: this user has create and get on ${inContainers}; midwatch has no way to, and does not see it`,
    ],
    [
      'the verb of a viewer, in the own namespace',
      answers(
        execQuestions,
        () => false,
        ({ verb }) => verb === 'get',
      ),
      `warn yes, with other programs: this user has get on ${inContainers}; midwatch has no way to, and does not see it`,
    ],
    ['neither', answers(execQuestions, () => false), 'ok no: neither here nor with other programs'],
    [
      'no answer',
      execQuestions.map((q) => ({
        ...q,
        everywhere: failed(failure('timeout', 'ask', 'late')),
        own: null,
      })),
      'warn could not be asked',
    ],
  ])('given %s on commands in containers, then it is told as what it is', (_, asked, expected) => {
    expect(said(execLine(asked))).toBe(expected);
  });

  it('given some rights, then the actions that they allow are told, and what the others need', () => {
    const some = answers(
      actionQuestions,
      ({ resource }) => ['pods/log', 'nodes'].includes(resource),
      ({ verb, resource }) => verb === 'delete' && resource === 'pods',
    );
    expect(said(actionsLine(some))).toBe(
      'ok logs, delete-pod, cordon; not debug (patch pods/ephemeralcontainers, get pods/attach, create pods/attach), debug-node (create pods, get pods/attach, create pods/attach), restart (patch deployments), scale (patch deployments/scale)',
    );
    expect(said(actionsLine(answers(actionQuestions, () => true)))).not.toContain('not ');
    expect(said(actionsLine(answers(actionQuestions, () => false)))).toMatch(/^ok no action; not /);
  });
});
