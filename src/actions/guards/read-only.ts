import { type Guard, silent } from '../guard.ts';

/** In read-only mode nothing leaves that could change anything; the connection itself refuses it too. */
export const readOnly: Guard = {
  id: 'read-only',
  title: 'nothing is changed in a read-only session',
  judge: (plan, { mode, production, glass }) => {
    if (plan.effect === 'read') return { kind: 'allow', why: 'it only reads' };
    if (mode === 'guarded') return silent;
    if (glass !== null) return { kind: 'allow', why: `the glass is broken: ${glass.reason}` };
    return {
      kind: 'deny',
      why: production ? 'this context is production: read-only' : 'this session is read-only',
      hint: 'break the glass with a reason and a ticket (:break-glass), or start with --guarded',
      opens: 'break-glass',
    };
  },
};
