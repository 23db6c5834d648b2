import type { Intent } from '../../kernel/act.ts';

/** What the screen may ask of whoever reads logs. What follows from it is told to the session. */
export interface LogEffects {
  /** Asks for logs in place of those that are shown; the lines stay until there are others. Says why not, or null. */
  open(intent: Intent): string | null;
  /** What was typed for what the guards want to know. Says what is wrong with it, or null. */
  answer(text: string): string | null;
  /** What was asked for last and is not read is not wanted any more. */
  letGo(): void;
  /** Waits for new lines from where it was left, or stops waiting. */
  follow(on: boolean): string | null;
  /** Writes lines to a new file; what came of it is told. */
  save(path: string, lines: Iterable<string>): void;
  /** Attaches lines to the run of a runbook that is open. Says why not, or null. */
  attach(asked: string, lines: readonly string[], truncated: boolean): string | null;
}

export const noLogs = (why: string): LogEffects => ({
  open: () => why,
  answer: () => why,
  letGo: () => undefined,
  follow: () => why,
  save: () => undefined,
  attach: () => why,
});
