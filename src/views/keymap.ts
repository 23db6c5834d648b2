/** What a key asks for. Views add none of their own; they only say which of these they understand. */
export const commandIds = [
  'quit',
  'back',
  'help',
  'command',
  'filter',
  'suspend',
  'redraw',
  'cursor.up',
  'cursor.down',
  'cursor.pageUp',
  'cursor.pageDown',
  'cursor.top',
  'cursor.bottom',
  'open',
  'describe',
  'yaml',
  'owner',
  'node',
  'pods',
  'proof',
  'join',
  'acknowledge',
  'silence',
  'about',
  'wide',
  'faults',
  'quiet',
  'sort.name',
  'sort.namespace',
  'sort.age',
  'sort.status',
  'sort.restarts',
  'sort.cpu',
  'sort.memory',
  'sort.node',
  'sort.ready',
  'namespace.all',
  'namespace.here',
  'history.last',
  'history.back',
  'history.forward',
  'copy',
  'home',
  'view.1',
  'view.2',
  'view.3',
  'view.4',
  'view.5',
  'view.6',
  'view.7',
  'view.8',
  'view.9',
  'replay.toggle',
  'replay.forward',
  'replay.backward',
  'replay.next',
  'replay.previous',
  'replay.nextMark',
  'replay.previousMark',
  'replay.faster',
  'replay.slower',
  'replay.seek',
  'replay.start',
  'replay.end',
  'replay.mark',
  'runbook',
  'runbook.up',
  'runbook.down',
  'runbook.left',
  'runbook.right',
  'runbook.pageUp',
  'runbook.pageDown',
  'runbook.enter',
  'runbook.note',
  'runbook.back',
  'runbook.evidence',
  'runbook.run',
  'runbook.skip',
  'runbook.layout',
  'runbook.wait',
  'runbook.finish',
  'runbook.abandon',
  'runbook.runs',
  'act.answer',
  'act.leave',
  'act.again',
  'act.copy',
  'logs.follow',
  'logs.next',
  'logs.before',
  'logs.previous',
  'logs.wrap',
  'logs.stamps',
  'logs.raw',
  'logs.time',
  'logs.event',
  'logs.source',
  'logs.sourceBack',
  'logs.mark',
  'logs.copy',
  'logs.save',
  'logs.evidence',
  'logs.answer',
  'logs.newest',
  'logs.window.tail',
  'logs.window.head',
  'logs.window.1m',
  'logs.window.5m',
  'logs.window.15m',
  'logs.window.30m',
  'logs.window.1h',
  'logs.right',
  'logs.left',
  'logs.leave',
  'logs.end',
] as const;

export type CommandId = (typeof commandIds)[number];

/** Keys as data: help, the last line of the screen and the documentation are made of it. */
export interface Binding {
  /** Names as in `keyName`: `j`, `down`, `ctrl-d`, `enter`. */
  readonly keys: readonly string[];
  readonly command: CommandId;
  /** What it does, in one or two words: it stands on the last line. */
  readonly label: string;
  /** Higher is shown first on the last line; 0 only in help. */
  readonly weight: number;
  readonly group: 'move' | 'look' | 'sort' | 'go' | 'replay' | 'program';
}

const bind = (
  group: Binding['group'],
  keys: string,
  command: CommandId,
  label: string,
  weight = 0,
): Binding => ({
  group,
  keys: keys.split(' '),
  command,
  label,
  weight,
});

export const globalKeys: readonly Binding[] = [
  bind('move', 'j down', 'cursor.down', 'down'),
  bind('move', 'k up', 'cursor.up', 'up'),
  bind('move', 'pagedown ctrl-f', 'cursor.pageDown', 'page down'),
  bind('move', 'pageup ctrl-b', 'cursor.pageUp', 'page up'),
  bind('move', 'g home', 'cursor.top', 'first'),
  bind('move', 'G end', 'cursor.bottom', 'last'),
  bind('look', 'enter', 'open', 'open', 90),
  bind('look', 'esc', 'back', 'back', 20),
  bind('go', ':', 'command', 'command', 30),
  bind('look', '/', 'filter', 'filter', 29),
  bind('program', '?', 'help', 'help', 28),
  bind('go', '1', 'view.1', 'control plane'),
  bind('go', '2', 'view.2', 'etcd'),
  bind('go', '3', 'view.3', 'nodes'),
  bind('go', '4', 'view.4', 'pods'),
  bind('go', '5', 'view.5', 'alerts'),
  bind('go', '6', 'view.6', 'changes'),
  bind('go', '~', 'home', 'home'),
  bind('go', '-', 'history.last', 'last command'),
  bind('program', 'ctrl-z', 'suspend', 'suspend'),
  bind('program', 'ctrl-l', 'redraw', 'redraw'),
  bind('program', 'q', 'quit', 'quit'),
  bind('program', 'ctrl-c', 'quit', 'quit'),
];

/** In replay the recording is under these keys; `[` and `]` walk the commands in live mode, as k9s has them. */
export const replayKeys: readonly Binding[] = [
  bind('replay', 'space', 'replay.toggle', 'play/pause', 95),
  bind('replay', 'right', 'replay.forward', 'step', 60),
  bind('replay', 'left', 'replay.backward', 'step back'),
  bind('replay', ']', 'replay.next', 'next moment', 59),
  bind('replay', '[', 'replay.previous', 'previous moment', 58),
  bind('replay', '}', 'replay.nextMark', 'next mark', 12),
  bind('replay', '{', 'replay.previousMark', 'previous mark'),
  bind('replay', '+ =', 'replay.faster', 'faster'),
  bind('replay', '_', 'replay.slower', 'slower'),
  bind('replay', 't', 'replay.seek', 'go to time', 57),
  bind('replay', '<', 'replay.start', 'to the start'),
  bind('replay', '>', 'replay.end', 'to the end'),
];

export const liveKeys: readonly Binding[] = [
  bind('go', '[', 'history.back', 'earlier command'),
  bind('go', ']', 'history.forward', 'later command'),
];

/** Keys of every view that lists objects. */
export const objectKeys: readonly Binding[] = [
  bind('look', 'd', 'describe', 'describe', 80),
  bind('look', 'y', 'yaml', 'yaml', 79),
  bind('look', 'J', 'owner', 'owner', 10),
  bind('look', 'o', 'node', 'node', 9),
  bind('look', 'c', 'copy', 'copy name'),
];

export const sortKeys: readonly Binding[] = [
  bind('sort', 'N', 'sort.name', 'by name'),
  bind('sort', 'P', 'sort.namespace', 'by namespace'),
  bind('sort', 'A', 'sort.age', 'by age'),
  bind('sort', 'S', 'sort.status', 'by status'),
  bind('sort', 'R', 'sort.ready', 'by ready'),
  bind('sort', 'T', 'sort.restarts', 'by restarts'),
  bind('sort', 'C', 'sort.cpu', 'by cpu'),
  bind('sort', 'M', 'sort.memory', 'by memory'),
  bind('sort', 'O', 'sort.node', 'by node'),
];

/** Keys of what debugging has left behind. */
export const debugKeys: readonly Binding[] = [
  ...objectKeys,
  bind('look', 's', 'join', 'join again', 60),
  bind('look', 'z', 'faults', 'hide ended', 40),
];

export const tableKeys: readonly Binding[] = [
  ...objectKeys,
  ...sortKeys,
  bind('look', 'ctrl-w w', 'wide', 'wide'),
  bind('look', 'z', 'faults', 'faults only', 40),
  bind('go', '0', 'namespace.all', 'all namespaces'),
];

export const proofKey: Binding = bind('look', 'p', 'proof', 'proof', 50);

export const acknowledgeKey: Binding = bind('look', 'a', 'acknowledge', 'ack', 54);

export const runbookKey: Binding = bind('go', 'r', 'runbook', 'runbook', 55);

/** Keys of a runbook that is walked. */
export const walkingKeys: readonly Binding[] = [
  bind('look', 'enter', 'runbook.enter', 'go on', 90),
  bind('move', 'up k', 'runbook.up', 'up'),
  bind('move', 'down j', 'runbook.down', 'down'),
  bind('move', 'left', 'runbook.left', 'step before'),
  bind('move', 'right', 'runbook.right', 'step after'),
  bind('move', 'pageup ctrl-b', 'runbook.pageUp', 'text up'),
  bind('move', 'pagedown ctrl-f', 'runbook.pageDown', 'text down'),
  bind('look', 'x', 'runbook.run', 'run', 89),
  bind('look', 'e', 'runbook.evidence', 'evidence', 88),
  bind('look', 'n', 'runbook.note', 'note', 87),
  bind('look', 'b', 'runbook.back', 'step back', 86),
  bind('look', 'z', 'runbook.layout', 'chart/rail/split', 85),
  bind('look', 'S', 'runbook.skip', 'skip', 84),
  bind('look', 'w', 'runbook.wait', 'wait', 19),
  bind('look', 'D', 'runbook.finish', 'done early', 18),
  bind('look', 'A', 'runbook.abandon', 'abandon', 17),
  bind('look', 'R', 'runbook.runs', 'next run', 16),
];

/** Keys of an action that one is about. */
export const actKeys: readonly Binding[] = [
  bind('look', 'enter', 'act.answer', 'answer', 90),
  bind('look', 'esc ctrl-c', 'act.leave', 'leave', 89),
  bind('look', 'r', 'act.again', 'ask again', 60),
  bind('look', 'c', 'act.copy', 'copy plan', 50),
];

export const silenceKey: Binding = bind('look', 's', 'silence', 'silence', 53);

/** Keys of every view that lists alerts, or shows one. */
export const alertKeys: readonly Binding[] = [
  acknowledgeKey,
  runbookKey,
  silenceKey,
  proofKey,
  bind('look', 'o', 'about', 'object', 49),
  bind('look', 'H', 'quiet', 'hide acked', 31),
];

export const lookUp = (key: string, layers: readonly (readonly Binding[])[]): Binding | null => {
  for (const layer of layers) {
    const found = layer.find((binding) => binding.keys.includes(key));
    if (found !== undefined) return found;
  }
  return null;
};
