import { type Guard, silent } from '../guard.ts';

/** What changes something is agreed to by hand; in production by typing the name of what it is done to. */
export const interlock: Guard = {
  id: 'interlock',
  title: 'a person agrees to what changes something',
  judge: ({ effect, typed }, { production, policy }) => {
    if (effect === 'read') return silent;
    const what = effect === 'session' ? 'a session in a container' : 'a change';
    if (production || policy.challenge.kind === 'name')
      return { kind: 'ask', why: `${what}: type ${typed}`, challenge: { kind: 'name' } };
    return { kind: 'ask', why: what, challenge: policy.challenge };
  },
};
