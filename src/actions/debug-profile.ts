/** What a debug container may do; the names are those of `kubectl debug`. */
export const debugProfiles = ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'] as const;
export type DebugProfile = (typeof debugProfiles)[number];

/** What the namespace enforces, by its label `pod-security.kubernetes.io/enforce`. */
export type PodSecurity = 'privileged' | 'baseline' | 'restricted';

export const isProfile = (text: string): text is DebugProfile =>
  (debugProfiles as readonly string[]).includes(text);

/** The least-privileged profile that a level admits and that is of use there. */
export const profileFor = (level: PodSecurity): DebugProfile =>
  level === 'privileged' ? 'general' : level;

/** Whether a level admits a container of a profile. */
export const admits = (level: PodSecurity, profile: DebugProfile): boolean => {
  if (level === 'privileged') return true;
  return profile === 'restricted' || (level === 'baseline' && profile === 'baseline');
};

/** The usual id of nobody, where neither the container nor its pod says as whom it runs. */
const nobody = 65_532;

/**
 * The security context of an ephemeral container; null is none. `user`: as whom the target runs, null where not told.
 * `nonRoot`: the pod lets nobody run as root, and the node would start no image that does.
 */
export const securityContextOf = (
  profile: DebugProfile,
  user: number | null,
  nonRoot: boolean,
): object | null => {
  const somebody = nonRoot ? { runAsUser: user === null || user === 0 ? nobody : user } : {};
  switch (profile) {
    case 'baseline':
      return nonRoot ? somebody : null;
    case 'general':
      return { ...somebody, capabilities: { add: ['SYS_PTRACE'] } };
    case 'netadmin':
      return { ...somebody, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } };
    case 'sysadmin':
      return { ...somebody, privileged: true };
    case 'restricted':
      return {
        runAsNonRoot: true,
        runAsUser: user === null || user === 0 ? nobody : user,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      };
  }
};

/** What a profile is good for, in a few words. */
export const profileWords: Readonly<Record<DebugProfile, string>> = {
  restricted:
    'no root, no capabilities: sees the network of the pod, and processes of the same user',
  baseline: 'as the image has it, without added capabilities',
  general: 'may look into processes of the target (SYS_PTRACE)',
  netadmin: 'may capture packets and change the network of the pod (NET_ADMIN, NET_RAW)',
  sysadmin: 'privileged: as root on the node',
};

/** The rules that a refusal of PodSecurity names, e.g. `allowPrivilegeEscalation != false`; [] when it is none. */
export const violationsIn = (
  message: string,
): { readonly level: string; readonly rules: readonly string[] } | null => {
  const [, level, told] = /violates PodSecurity "([a-z]+)[^"]*": (.*)$/s.exec(message) ?? [];
  if (level === undefined || told === undefined) return null;
  // Each rule is followed by the containers that break it, in parentheses that may hold others.
  const rules: string[] = [];
  let depth = 0;
  let rule = '';
  for (const sign of told) {
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (depth === 0 && sign === ',') {
      rules.push(rule.trim());
      rule = '';
    } else if (depth === 0) rule += sign;
  }
  rules.push(rule.trim());
  return { level, rules: rules.filter((r) => r !== '') };
};
