/** How bad a line says that it is; `none` where it says nothing. */
export type Severity = 'none' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const words: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...(['trace', 'trc', 'debug', 'dbg', 'verbose', 'finest', 'fine'] as const).map(
    (w) => [w, 'debug'] as const,
  ),
  ...(['info', 'inf', 'information', 'notice', 'log'] as const).map((w) => [w, 'info'] as const),
  ...(['warn', 'warning', 'wrn'] as const).map((w) => [w, 'warn'] as const),
  ...(['error', 'err', 'eror', 'severe', 'exception'] as const).map((w) => [w, 'error'] as const),
  ...(['fatal', 'ftl', 'panic', 'critical', 'crit', 'alert', 'emergency', 'emerg'] as const).map(
    (w) => [w, 'fatal'] as const,
  ),
]);

/** `I1123 21:43:05.123456`, as Kubernetes' own programs write. */
const klog = /^([IWEF])\d{4} \d\d:/;
const klogLetters: Readonly<Record<string, Severity>> = {
  I: 'info',
  W: 'warn',
  E: 'error',
  F: 'fatal',
};
const json =
  /"(?:level|severity|lvl|loglevel|log\.level|levelname|@l)"\s*:\s*(?:"([A-Za-z]+)|(\d{2})\b)/i;
const logfmt = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)/;
/** A word in capitals, one in brackets, or one that is followed by a colon: prose seldom has these. */
const said =
  /\b(TRACE|DEBUG|DBG|INFO|INF|NOTICE|WARN|WARNING|WRN|ERROR|ERR|SEVERE|FATAL|FTL|PANIC|CRITICAL|CRIT|ALERT|EMERGENCY)\b|\[(trace|debug|info|notice|warn|warning|error|crit|alert|emerg|fatal)\]|(?:^|[\s])(warning|error|fatal|panic)(?: \w+)?:|(Exception)\b|^(?:Traceback )/;
/** Last words of programs that write no levels, with or without a time before them. */
const lament =
  /^(?:\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,Z+-]{5,30} +)?(?:failed|could not|cannot|can't|unable to)\b/i;
/** Beyond these a level is not looked for. */
const looked = 400;

/** Levels of pino and bunyan. */
const numbered = (text: string): Severity => {
  const n = Number(text);
  if (n >= 60) return 'fatal';
  if (n >= 50) return 'error';
  if (n >= 40) return 'warn';
  return n >= 30 ? 'info' : 'debug';
};

const named = (word: string | undefined): Severity =>
  word === undefined ? 'none' : (words.get(word.toLowerCase()) ?? 'none');

/** As klog, JSON, logfmt or a common word has it, the first of these that says something. Time linear in the length. */
export const severityOf = (text: string): Severity => {
  const [, letter] = klog.exec(text) ?? [];
  if (letter !== undefined) return klogLetters[letter] ?? 'none';
  const head = text.length > looked ? text.slice(0, looked) : text;
  if (head.startsWith('{')) {
    const found = json.exec(text.length > 4000 ? text.slice(0, 4000) : text);
    return found === null ? 'none' : found[2] === undefined ? named(found[1]) : numbered(found[2]);
  }
  if (head.includes('=')) {
    const level = named(logfmt.exec(head)?.[1]);
    if (level !== 'none') return level;
  }
  const found = said.exec(head);
  if (found === null) return lament.test(head) ? 'error' : 'none';
  return named(found[1] ?? found[2] ?? found[3] ?? 'error');
};

export const isFault = (severity: Severity): boolean =>
  severity === 'warn' || severity === 'error' || severity === 'fatal';
