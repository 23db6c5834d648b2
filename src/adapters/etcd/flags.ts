/** Flags of a command as `--name=value` or `--name value`, also inside a shell's one long argument. */
export const flagsOf = (args: readonly string[]): ReadonlyMap<string, string> => {
  const words = args.flatMap((arg) => (/\s--?[a-z]/.test(arg) ? arg.trim().split(/\s+/) : [arg]));
  const flags = new Map<string, string>();
  for (const [i, word] of words.entries()) {
    const found = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word);
    if (found === null) continue;
    const [, name = '', value] = found;
    const next = words[i + 1];
    const said = value ?? (next === undefined || next.startsWith('-') ? '' : next);
    flags.set(name, said.replace(/^(["'])(.*)\1$/s, '$2'));
  }
  return flags;
};

/** Parts of a flag with several values. */
export const listOf = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
