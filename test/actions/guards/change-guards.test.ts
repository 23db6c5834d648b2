import { describe, expect, it } from 'vitest';
import { type Facts, type Guard, known, unknown } from '../../../src/actions/guard.ts';
import { actionPolicy } from '../../../src/actions/guards/action-policy.ts';
import { blastRadius } from '../../../src/actions/guards/blast-radius.ts';
import { changeWindow } from '../../../src/actions/guards/change-window.ts';
import { imageAllowList } from '../../../src/actions/guards/image-allow-list.ts';
import { interlock } from '../../../src/actions/guards/interlock.ts';
import { rate } from '../../../src/actions/guards/rate.ts';
import { readOnly } from '../../../src/actions/guards/read-only.ts';
import { rights } from '../../../src/actions/guards/rights.ts';
import { saidWhy } from '../../../src/actions/guards/said-why.ts';
import { secondPerson } from '../../../src/actions/guards/second-person.ts';
import { uidPinned } from '../../../src/actions/guards/uid-pinned.ts';
import { type PolicyClass, usualClass } from '../../../src/actions/policy.ts';
import { type ActPlan, noWeight, rightText } from '../../../src/kernel/act.ts';
import { epochMs } from '../../../src/kernel/units.ts';
import { aPlan, goodFacts, planTime, podRight, podSubject } from '../../support/any-plan.ts';

const glass = {
  by: 'anna',
  reason: 'the shop is down',
  ticket: 'INC-1',
  until: epochMs(planTime + 1000),
};

const said = (guard: Guard, plan: Partial<ActPlan> = {}, facts: Partial<Facts> = {}) =>
  guard.judge(aPlan(plan), goodFacts(facts), planTime);

const policy = (more: Partial<PolicyClass>): Partial<Facts> => ({
  policy: { ...usualClass, ...more },
});

const deniedFor = (why: RegExp, opens: 'never' | 'break-glass') => ({
  kind: 'deny',
  why: expect.stringMatching(why),
  opens,
});

describe('read-only', () => {
  it('given a read-only session, when something is changed, then only the glass opens it, while it is broken', () => {
    const facts: Partial<Facts> = { mode: 'read-only', production: true };
    expect(said(readOnly, {}, facts)).toMatchObject(deniedFor(/production/, 'break-glass'));
    expect(said(readOnly, {}, { ...facts, glass })).toMatchObject({ kind: 'allow' });
    const mended = { ...glass, until: planTime };
    expect(said(readOnly, {}, { ...facts, glass: mended }).kind).toBe('deny');
    expect(said(readOnly, { effect: 'session' }, facts).kind).toBe('deny');
    expect(said(readOnly, { effect: 'read' }, facts).kind).toBe('allow');
  });
});

describe('action-policy', () => {
  it.each([
    [{ deny: ['anno*'], ask: ['*'], allow: ['*'] }, 'deny'],
    [{ deny: [], ask: ['annotate'], allow: ['*'] }, 'ask'],
    [{ deny: [], ask: [], allow: ['anno*'] }, 'allow'],
    [{ deny: [], ask: [], allow: ['scale'] }, 'deny'],
    [{ deny: [], ask: [], allow: [] }, 'deny'],
  ] as const)('given the lists %j, when an action is judged, then %s', (lists, kind) => {
    expect(said(actionPolicy, {}, policy(lists)).kind).toBe(kind);
  });
});

describe('change-window', () => {
  const closed = {
    source: 'window "freeze" of the configuration',
    allowed: false,
    why: 'changes are denied while it is open',
    changesAt: epochMs(planTime + 3_600_000),
  };
  const open = { ...closed, source: 'AppProject argocd/shop', allowed: true, why: 'open' };

  it('given one calendar that is closed among open ones, when it is judged, then it says which, and until when', () => {
    expect(said(changeWindow, {}, { windows: known([open, closed]) })).toEqual({
      kind: 'deny',
      why: 'window "freeze" of the configuration: changes are denied while it is open',
      hint: 'wait until 2026-11-23T13:00:00.000Z, or break the glass with a reason and a ticket (:break-glass)',
      opens: 'break-glass',
    });
  });

  it.each([
    ['known and open', { windows: known([open]) }, 'allow'],
    ['not there', {}, 'silent'],
    ['not there although needed', policy({ windowRequired: true }), 'deny'],
    ['not known', { windows: unknown('you may not list them') }, 'deny'],
    ['closed under broken glass', { windows: known([closed]), glass }, 'allow'],
  ] as const)('given calendars that are %s, when it is judged, then %s', (_, facts, kind) => {
    expect(said(changeWindow, {}, facts as Partial<Facts>).kind).toBe(kind);
    expect(said(changeWindow, { effect: 'read' }, facts as Partial<Facts>).kind).toBe('silent');
  });

  it('given many closed calendars, when it is judged, then three are named and the rest counted', () => {
    const many = Array.from({ length: 9 }, () => ({ ...closed, changesAt: null }));
    const judgement = said(changeWindow, {}, { windows: known(many) });
    expect(judgement).toMatchObject(deniedFor(/and 6 more$/, 'break-glass'));
  });
});

describe('rights', () => {
  const log = { ...podRight, verb: 'get', resource: 'pods/log' };

  it('given a right that is refused and one that is not known, when it is judged, then both are told, with how to check', () => {
    const facts = { rights: new Map([[rightText(log), known(false)]]) };
    expect(said(rights, { rights: [log, podRight] }, facts)).toEqual({
      kind: 'deny',
      why: 'you may not get pods/log cart-0 in shop; it is not known whether you may patch pods cart-0 in shop: it was not asked for',
      hint: 'check with kubectl auth can-i get pods/cart-0 --subresource=log -n shop',
      opens: 'never',
    });
  });

  it('given all rights or none to ask for, when it is judged, then nothing denies', () => {
    expect(said(rights).kind).toBe('allow');
    expect(said(rights, { rights: [] }).kind).toBe('silent');
  });
});

describe('uid-pinned', () => {
  it.each([
    ['the same', {}, 'u-1', 'allow'],
    ['another', {}, 'u-2', 'deny'],
    ['gone', {}, '', 'deny'],
    ['one that nobody looked at', { subject: { ...podSubject, uid: null } }, 'u-1', 'deny'],
    ['read only', { effect: 'read' }, 'u-2', 'silent'],
    ['no object', { subject: { kind: 'alerts', cluster: '' } }, '', 'silent'],
  ] as const)('given a subject that is %s, when it is judged, then %s', (_, plan, uid, kind) => {
    expect(said(uidPinned, plan as Partial<ActPlan>, { uid: known(uid) }).kind).toBe(kind);
  });
});

describe('blast-radius', () => {
  const weight = (more: object) => ({ weight: { ...noWeight, ...more } });
  const etcd = { subject: { kind: 'etcd', cluster: 'main', member: '' } as const };

  it.each([
    ['no more pods than allowed', weight({ pods: 50 }), 'allow'],
    ['more pods', weight({ pods: 51 }), 'deny'],
    ['a budget that allows none', weight({ pods: 1, disruptionsAllowed: 0 }), 'deny'],
    ['a budget, and no pod that goes', weight({ pods: 0, disruptionsAllowed: 0 }), 'allow'],
    ['what is not known', weight({ unknown: ['budgets'] }), 'deny'],
    ['etcd with one to spare', { ...etcd, ...weight({ quorumMargin: 1 }) }, 'silent'],
    ['etcd with none to spare', { ...etcd, ...weight({ quorumMargin: 0 }) }, 'deny'],
    ['etcd of which nobody knows', etcd, 'deny'],
  ] as const)('given %s, when it is judged, then %s', (_, plan, kind) => {
    expect(said(blastRadius, plan as Partial<ActPlan>).kind).toBe(kind);
    if (kind === 'deny')
      expect(said(blastRadius, plan as Partial<ActPlan>, { glass }).kind).toBe('allow');
  });
});

describe('image-allow-list', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const images = (...all: readonly string[]) => ({ weight: { ...noWeight, images: all } });
  const listed = policy({ images: [`reg.example:5000/debug:1@${digest}`] });

  it.each([
    ['the very one', [`reg.example:5000/debug:1@${digest}`], 'allow'],
    ['it with another tag', [`reg.example:5000/debug:2@${digest}`], 'allow'],
    ['it without a tag', [`reg.example:5000/debug@${digest}`], 'allow'],
    ['its tag alone', ['reg.example:5000/debug:1'], 'deny'],
    ['its digest elsewhere', [`evil.example/debug@${digest}`], 'deny'],
    ['another beside it', [`reg.example:5000/debug@${digest}`, 'busybox'], 'deny'],
    ['no name', [''], 'deny'],
    ['none', [], 'silent'],
  ])('given %s, when it is judged, then %s', (_, all, kind) => {
    expect(said(imageAllowList, images(...all), { ...listed, glass }).kind).toBe(kind);
  });
});

describe('how somebody agrees', () => {
  it.each([
    [false, { kind: 'key' }, ['key']],
    [false, { kind: 'reason', least: 10 }, ['reason', 'reason']],
    [true, { kind: 'key' }, ['name']],
    [true, { kind: 'reason', least: 10 }, ['name', 'reason']],
    [true, { kind: 'second-person' }, ['name', 'second-person']],
  ] as const)(
    'given production %s and the challenge %j, when a change is judged, then %j is asked for',
    (production, challenge, kinds) => {
      const facts = { production, ...policy({ challenge }) };
      const asked = [interlock, saidWhy, secondPerson].flatMap((guard) => {
        const judgement = said(guard, {}, facts);
        return judgement.kind === 'ask' ? [judgement.challenge.kind] : [];
      });
      expect(asked).toEqual(kinds);
      for (const guard of [interlock, saidWhy])
        expect(said(guard, { effect: 'read' }, facts).kind).toBe('silent');
    },
  );

  it('given an action that needs two, when nobody has agreed, somebody has, or that is not known, then so it is', () => {
    const two = policy({ secondPerson: ['anno*'] });
    expect(said(secondPerson, {}, two)).toMatchObject({
      kind: 'ask',
      why: `another person has to agree: midwatch approve ${'d'.repeat(64)}`,
    });
    expect(said(secondPerson, {}, { ...two, approval: known('boris') })).toMatchObject({
      kind: 'ask',
      why: 'boris agrees',
    });
    expect(said(secondPerson, {}, { ...two, approval: unknown('no file'), glass }).kind).toBe(
      'deny',
    );
    expect(said(secondPerson, { action: 'scale' }, two).kind).toBe('silent');
  });
});

describe('rate', () => {
  const at = (...ages: readonly number[]) => ({
    ...policy({ rate: 2 }),
    writes: ages.map((age) => epochMs(planTime - age)),
  });

  it.each([
    [[], 'silent'],
    [[70_000, 61_000, 5000], 'silent'],
    [[50_000, 5000], 'deny'],
  ])('given changes %j ms ago and two a minute, when one more is judged, then %s', (ages, kind) => {
    expect(said(rate, {}, at(...ages)).kind).toBe(kind);
  });

  it('given too many, when it is judged, then it says how long to wait', () => {
    expect(said(rate, {}, at(55_000, 50_000, 5000))).toMatchObject({ hint: 'wait 10 s' });
  });
});
