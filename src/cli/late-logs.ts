import { type LogEffects, noLogs } from '../views/logs/effects.ts';

/** Logs come through a door that is put together while the first rows are already read: until then they say so. */
export const lateLogs = (open: () => Promise<LogEffects>): LogEffects => {
  let logs = noLogs('the door to logs opens in a moment: ask again');
  void open().then(
    (opened) => {
      logs = opened;
    },
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      logs = noLogs(`the door to logs cannot be opened: ${why}`);
    },
  );
  return {
    open: (intent) => logs.open(intent),
    answer: (text) => logs.answer(text),
    letGo: () => logs.letGo(),
    follow: (on) => logs.follow(on),
    save: (path, lines) => logs.save(path, lines),
    attach: (asked, lines, truncated) => logs.attach(asked, lines, truncated),
  };
};
