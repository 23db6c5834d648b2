import type { Binding, CommandId } from '../keymap.ts';

const bind = (
  keys: string,
  command: CommandId,
  label: string,
  weight = 0,
  group: Binding['group'] = 'look',
): Binding => ({ group, keys: keys.split(' '), command, label, weight });

/** Keys of logs. Digits are windows as k9s has them, within what the policy has. */
export const logKeys: readonly Binding[] = [
  bind('f', 'logs.follow', 'follow', 89),
  bind('z', 'faults', 'faults', 88),
  bind('n', 'logs.next', 'next match', 70),
  bind('N', 'logs.before', 'match before', 69),
  bind('p', 'logs.previous', 'previous run', 86),
  bind('w', 'logs.wrap', 'wrap', 85),
  bind('t', 'logs.stamps', 'times', 60),
  bind('r', 'logs.raw', 'raw', 61),
  bind('T', 'logs.time', 'go to time', 66),
  bind('e', 'logs.event', 'next event', 65),
  bind('tab', 'logs.source', 'container', 64),
  bind('shift-tab', 'logs.sourceBack', 'container before'),
  bind('m', 'logs.mark', 'mark', 68),
  bind('c', 'logs.copy', 'copy', 67),
  bind('s ctrl-s', 'logs.save', 'save', 63),
  bind('E', 'logs.evidence', 'to the runbook', 62),
  bind('R', 'logs.answer', 'renew / say why', 59),
  bind('L', 'logs.newest', 'newest, whenever', 58),
  bind('0', 'logs.window.tail', 'default window', 0),
  bind('1', 'logs.window.head', 'from the start of the container', 0),
  bind('2', 'logs.window.1m', '1m', 0),
  bind('3', 'logs.window.5m', '5m', 0),
  bind('4', 'logs.window.15m', '15m', 87),
  bind('5', 'logs.window.30m', '30m', 0),
  bind('6', 'logs.window.1h', '1h', 0),
  bind('right', 'logs.right', 'further right', 0, 'move'),
  bind('left', 'logs.left', 'back left', 0, 'move'),
  bind('g home', 'cursor.top', 'first', 0, 'move'),
  bind('G end', 'logs.end', 'last, and stay there', 84, 'move'),
  bind('d', 'describe', 'describe the pod', 57),
  bind('y', 'yaml', 'yaml of the pod'),
];
