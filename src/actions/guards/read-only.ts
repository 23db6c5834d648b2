import { type Guard, silent } from '../guard.ts';
import { denyUnlessBroken } from './broken-glass.ts';

/** In read-only mode nothing leaves that could change anything; the connection itself refuses it too. */
export const readOnly: Guard = {
  id: 'read-only',
  title: 'nothing is changed in a read-only session',
  judge: (plan, facts, now) => {
    if (plan.effect === 'read') return { kind: 'allow', why: 'it only reads' };
    if (facts.mode === 'guarded') return silent;
    return denyUnlessBroken(
      facts,
      now,
      facts.production ? 'this context is production: read-only' : 'this session is read-only',
      'break the glass with a reason and a ticket (:break-glass), or start with --guarded',
    );
  },
};
