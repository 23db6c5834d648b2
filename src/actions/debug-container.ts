import { cleanText } from '../kernel/redact.ts';
import { type Milliseconds, minutes } from '../kernel/units.ts';
import { type DebugProfile, securityContextOf } from './debug-profile.ts';

/** Debug containers and pods of ours are known by their names. */
export const debugPrefix = 'midwatch-';
/** A session that is forgotten ends by itself after this long. */
export const debugLife: Milliseconds = minutes(30);

/**
 * A shell, and beside it a watch that ends the shell and with it the container. The shell is no replacement of its
 * parent: a process cannot end the first process of its own container, but it can end that one's children.
 */
const expiringShell = (life: Milliseconds): readonly string[] => [
  'sh',
  '-c',
  `(sleep ${Math.ceil(life / 1000)}; kill -9 $(cat /proc/$$/task/$$/children)) >/dev/null 2>&1 & sh -i; exit $?`,
];

export interface DebugContainerWish {
  readonly name: string;
  readonly image: string;
  readonly profile: DebugProfile;
  /** Container whose processes it joins; null: its own only. */
  readonly target: string | null;
  /** As whom the target runs; null where not told. */
  readonly user: number | null;
  /** Who, and why: containers carry no labels. */
  readonly by: string;
  readonly reason: string;
}

/** What is said of a container of ours in its own environment, so that others find out whose it is. */
const told = ({ by, reason }: Pick<DebugContainerWish, 'by' | 'reason'>) => [
  { name: 'MIDWATCH_BY', value: cleanText(by).slice(0, 200) },
  { name: 'MIDWATCH_REASON', value: cleanText(reason).slice(0, 500) },
];

/** As the API takes it, for an ephemeral container or a pod of its own. */
export const debugContainer = (wish: DebugContainerWish): object => {
  const security = securityContextOf(wish.profile, wish.user);
  return {
    name: wish.name,
    image: wish.image,
    imagePullPolicy: 'IfNotPresent',
    command: expiringShell(debugLife),
    env: told(wish),
    stdin: true,
    tty: true,
    terminationMessagePolicy: 'File',
    ...(wish.target === null ? {} : { targetContainerName: wish.target }),
    ...(security === null ? {} : { securityContext: security }),
  };
};
