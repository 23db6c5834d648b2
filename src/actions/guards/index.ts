import type { Guard } from '../guard.ts';
import { actionPolicy } from './action-policy.ts';
import { asItSays } from './as-it-says.ts';
import { auditSink } from './audit-sink.ts';
import { blastRadius } from './blast-radius.ts';
import { budget } from './budget.ts';
import { changeWindow } from './change-window.ts';
import { imageAllowList } from './image-allow-list.ts';
import { interlock } from './interlock.ts';
import { noExec } from './no-exec.ts';
import { rate } from './rate.ts';
import { readOnly } from './read-only.ts';
import { rights } from './rights.ts';
import { saidWhy } from './said-why.ts';
import { sameNamespace } from './same-namespace.ts';
import { secondPerson } from './second-person.ts';
import { sinceLimit } from './since-limit.ts';
import { uidPinned } from './uid-pinned.ts';

/** All of them are asked about every plan; the order is that in which reasons of equal weight are shown. */
export const guards: readonly Guard[] = [
  noExec,
  asItSays,
  sameNamespace,
  auditSink,
  readOnly,
  actionPolicy,
  changeWindow,
  uidPinned,
  rights,
  blastRadius,
  imageAllowList,
  sinceLimit,
  budget,
  rate,
  interlock,
  saidWhy,
  secondPerson,
];
