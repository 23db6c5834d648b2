/** Words of kubectl; any other one is a plugin, which can do what it wants. */
const verbs: ReadonlySet<string> = new Set(
  'annotate api-resources api-versions apply auth autoscale certificate cluster-info completion config cordon create debug delete describe diff drain edit explain expose get help kustomize label logs options patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait adm whoami project status'.split(
    ' ',
  ),
);
/** These run a command in a container, `cp` by way of tar. */
const runs: ReadonlySet<string> = new Set(['exec', 'rsh', 'cp', 'rsync', 'attach']);

/** Options before the verb that take a word after them. */
const withValue =
  /^(?:-n|-s|--(?:namespace|context|cluster|user|kubeconfig|server|token|as|as-group|as-uid|request-timeout|cache-dir))$/;

const clients = /^(?:.*\/)?(?:kubectl|oc|k)$/;
const runtimes = /^(?:.*\/)?(?:crictl|docker|podman|nerdctl|ctr)$/;

/** After a bar, `&&`, `;` or a bracket another command begins. */
const commandsOf = (text: string): readonly (readonly string[])[] =>
  text.split(/\|\|?|&&?|;|\n|\$\(|[`()]/).map((part) =>
    part
      .trim()
      .split(/\s+/)
      .map((w) => w.replace(/^["']|["']$/g, '')),
  );

const wrappers =
  /^(?:sudo|time|watch|xargs|nohup|env|timeout|exec|\$|#|-.*|[A-Za-z_]\w*=.*|\d+\w?)$/;

/** The first word that is a verb; without one the first word that is no option, which then is a plugin's. */
const verbOf = (words: readonly string[]): string => {
  const plain: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (withValue.test(word)) i += 1;
    else if (!word.startsWith('-')) plain.push(word);
  }
  return plain.find((w) => verbs.has(w) || runs.has(w)) ?? plain[0] ?? '';
};

/**
 * The words in a text of commands that would run something in a container, or hand it to a plugin of kubectl:
 * `kubectl exec`, `docker exec`, `kubectl node-shell`. '' when none would.
 */
export const runsIn = (text: string): string => {
  for (const words of commandsOf(text)) {
    const at = words.findIndex((w) => !wrappers.test(w));
    const name = words[at] ?? '';
    const verb = verbOf(words.slice(at + 1));
    if (clients.test(name) && runs.has(verb)) return `${name} ${verb}`;
    if (clients.test(name) && verb !== '' && /^[a-z][\w-]*$/.test(verb) && !verbs.has(verb))
      return `${name} ${verb}`;
    if (/^(?:.*\/)?kubectl-[\w-]+$/.test(name)) return name;
    const inside = words.slice(at + 1).find((w) => w === 'exec' || w === 'attach');
    if (runtimes.test(name) && inside !== undefined) return `${name} ${inside}`;
    if (/^(?:.*\/)?nsenter$/.test(name)) return name;
  }
  return '';
};
