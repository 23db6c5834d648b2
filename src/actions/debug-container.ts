import { cleanText } from '../kernel/redact.ts';
import { type Milliseconds, minutes } from '../kernel/units.ts';
import { debugEnv } from '../probes/pod-debug.ts';
import { type DebugProfile, securityContextOf } from './debug-profile.ts';

/** Debug containers and pods of ours are known by their names. */
export const debugPrefix = 'midwatch-';
/** A session that is forgotten ends by itself after this long. */
export const debugLife: Milliseconds = minutes(30);

/**
 * A shell in a shell, and a watch that ends the inner one, and with it the container: no process can kill the first
 * one of its own container, and a shell that takes keys heeds no polite signal. The inner shell's own number is that
 * of the interactive one it becomes, so that nothing has to be looked up where there may be no /proc.
 */
const expiringShell = (life: Milliseconds): readonly string[] => [
  'sh',
  '-c',
  `sh -c "(sleep ${Math.ceil(life / 1000)}; kill -9 \\$\\$) >/dev/null 2>&1 & exec sh -i"; exit $?`,
];

export interface DebugContainerWish {
  readonly name: string;
  readonly image: string;
  readonly profile: DebugProfile;
  /** Container whose processes it joins; null: its own only. */
  readonly target: string | null;
  /** As whom the target runs; null where not told. */
  readonly user: number | null;
  /** The pod lets nobody run as root in it. */
  readonly nonRoot: boolean;
  /** After this long it ends by itself. */
  readonly life: Milliseconds;
  /** Who, and why: containers carry no labels. */
  readonly by: string;
  readonly reason: string;
}

/** What is said of a container of ours in its own environment, so that others find out whose it is. */
const told = ({ by, reason }: Pick<DebugContainerWish, 'by' | 'reason'>) => [
  { name: debugEnv.by, value: cleanText(by).slice(0, 200) },
  { name: debugEnv.reason, value: cleanText(reason).slice(0, 500) },
];

/** As the API takes it, for an ephemeral container or a pod of its own. */
export const debugContainer = (wish: DebugContainerWish): object => {
  const security = securityContextOf(wish.profile, wish.user, wish.nonRoot);
  return {
    name: wish.name,
    image: wish.image,
    imagePullPolicy: 'IfNotPresent',
    command: expiringShell(wish.life),
    env: told(wish),
    stdin: true,
    tty: true,
    terminationMessagePolicy: 'File',
    ...(wish.target === null ? {} : { targetContainerName: wish.target }),
    ...(security === null ? {} : { securityContext: security }),
  };
};
