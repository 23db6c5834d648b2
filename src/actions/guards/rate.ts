import { minutes } from '../../kernel/units.ts';
import { type Guard, silent } from '../guard.ts';
import { denyUnlessBroken } from './broken-glass.ts';

const span = minutes(1);

/** A session changes only so much in a minute: what goes wrong should be seen before it is done again. */
export const rate: Guard = {
  id: 'rate',
  title: 'no more changes in a minute than the policy has it',
  judge: (plan, facts, now) => {
    if (plan.effect === 'read') return silent;
    const recent = facts.writes.filter((at) => now - at < span).toSorted((a, b) => a - b);
    const { rate: most } = facts.policy;
    if (recent.length < most) return silent;
    const oldest = recent.at(-most);
    const wait = oldest === undefined ? 60 : Math.ceil((oldest + span - now) / 1000);
    return denyUnlessBroken(
      facts,
      now,
      `${recent.length} changes in the last minute, the limit is ${most}`,
      most > 0 ? `wait ${wait} s` : 'break the glass (:break-glass)',
    );
  },
};
