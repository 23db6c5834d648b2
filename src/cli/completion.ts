import type { Command } from 'commander';

/** A command with its path, e.g. `recording verify`, its words and its options. */
interface Node {
  readonly path: string;
  /** Commands under it, and what its arguments may be where that is known. */
  readonly words: readonly string[];
  readonly options: readonly string[];
  readonly summary: string;
}

const nodesOf = (command: Command, path = ''): readonly Node[] => [
  {
    path,
    words: [
      ...command.commands.map((c) => c.name()),
      ...command.registeredArguments.flatMap((a) => a.argChoices ?? []),
    ],
    options: command.options.flatMap((o) =>
      [o.long, o.short].filter((x) => x !== undefined && x !== null),
    ),
    summary: command.description(),
  },
  ...command.commands.flatMap((c) => nodesOf(c, path === '' ? c.name() : `${path} ${c.name()}`)),
];

/**
 * A completion script made from the command line itself; null for an unknown shell.
 * Contexts and namespaces are asked of kubectl where it is there: it knows them without a cluster, or not at all.
 */
export const completionScript = (shell: string, program: Command): string | null => {
  const nodes = nodesOf(program);
  if (shell === 'bash') return bash(nodes);
  if (shell === 'zsh')
    return `#compdef midwatch\nautoload -U +X bashcompinit && bashcompinit\n${bash(nodes)}`;
  if (shell === 'fish') return fish(nodes);
  return null;
};

const bash = (
  nodes: readonly Node[],
): string => `# midwatch completion; load it with: source <(midwatch completion bash)
_midwatch() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" w i
  for ((i = 1; i < COMP_CWORD; i++)); do
    w="\${COMP_WORDS[i]}"
    case "$path $w" in
${nodes
  .filter((n) => n.path !== '')
  .map(
    (n) =>
      `      "${n.path.includes(' ') ? n.path.replace(/ (\S+)$/, ' $1') : ` ${n.path}`}") path="${n.path}" ;;`,
  )
  .join('\n')}
    esac
  done
  case "$prev" in
    --context) COMPREPLY=($(compgen -W "$(kubectl config get-contexts -o name 2>/dev/null)" -- "$cur")); return ;;
    --kubeconfig|--record) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --theme) COMPREPLY=($(compgen -W "dark light contrast none" -- "$cur")); return ;;
  esac
  case "$path" in
${nodes.map((n) => `    "${n.path}") COMPREPLY=($(compgen -W "${[...n.words, ...n.options].join(' ')}" -- "$cur")${n.words.length === 0 ? ' $(compgen -f -- "$cur")' : ''}) ;;`).join('\n')}
  esac
}
complete -F _midwatch midwatch
complete -F _midwatch kubectl-midwatch
`;

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

const fish = (nodes: readonly Node[]): string => {
  const lines = ['# midwatch completion; load it with: midwatch completion fish | source'];
  for (const node of nodes) {
    const when =
      node.path === ''
        ? '__fish_use_subcommand'
        : node.path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    for (const word of node.words) {
      const child = nodes.find(
        (n) => n.path === (node.path === '' ? word : `${node.path} ${word}`),
      );
      lines.push(
        `complete -c midwatch -n ${quoted(when)} -f -a ${word} -d ${quoted(child?.summary ?? '')}`,
      );
    }
    for (const option of node.options) {
      lines.push(
        `complete -c midwatch -n ${quoted(when)} ${option.startsWith('--') ? `-l ${option.slice(2)}` : `-s ${option.slice(1)}`}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
};
