import { type Guard, silent } from '../guard.ts';

/** A name may have passed on to another object since somebody looked at it. */
export const uidPinned: Guard = {
  id: 'uid-pinned',
  title: 'what is changed is what was looked at',
  judge: ({ effect, subject }, { uid }) => {
    if (effect === 'read' || subject.kind !== 'object') return silent;
    const deny = (why: string, hint: string) =>
      ({ kind: 'deny', why, hint, opens: 'never' }) as const;
    if (uid.kind === 'unknown')
      return deny(
        `${subject.name} could not be looked at again: ${uid.why}`,
        'try again when the server answers',
      );
    if (uid.value === '') return deny(`${subject.name} is gone`, 'look at what is there now');
    if (subject.uid === null || subject.uid === '')
      return deny(
        `it is not known which ${subject.name} was looked at`,
        'choose it again from a list that is up to date',
      );
    if (uid.value !== subject.uid)
      return deny(
        `${subject.name} has been replaced by another of the same name`,
        'look at the new one first',
      );
    return { kind: 'allow', why: `${subject.name} is still the same` };
  },
};
