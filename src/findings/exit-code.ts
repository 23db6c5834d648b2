import type { ContainerEnd } from '../probes/pod-containers.ts';

/** What a shell or the kernel means by an exit code; others are the program's own business. */
const meanings: Readonly<Record<number, string>> = {
  126: 'command cannot be executed',
  127: 'command not found',
  128: 'container could not be started',
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL, illegal instruction',
  134: 'SIGABRT, aborted itself',
  135: 'SIGBUS',
  136: 'SIGFPE, arithmetic error',
  137: 'SIGKILL, killed',
  139: 'SIGSEGV, segmentation fault',
  141: 'SIGPIPE',
  143: 'SIGTERM, asked to stop',
};

/** Reasons of a kubelet that only repeat that it ended. */
const plain = new Set(['', 'Error', 'Completed']);

/** `exit 1`, `exit 127 (command not found)`, `OOMKilled`, `exit 128 (StartError)`. */
export const exitText = (end: Pick<ContainerEnd, 'exitCode' | 'reason'>): string => {
  if (end.reason === 'OOMKilled') return 'OOMKilled, over its memory limit';
  const meaning = plain.has(end.reason) ? meanings[end.exitCode] : end.reason;
  return `exit ${end.exitCode}${meaning === undefined ? '' : ` (${meaning})`}`;
};
