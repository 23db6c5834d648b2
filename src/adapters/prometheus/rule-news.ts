import type { AlertRule } from '../../kernel/prometheus-fact.ts';
import { type Milliseconds, minutes } from '../../kernel/units.ts';
import { ToldBefore } from '../alertmanager/told-before.ts';

/** So late may the news be that a rule is still evaluated: it is true of every rule, every minute. */
export const evaluationNews: Milliseconds = minutes(10);

/** Which rules are news: those that differ in more than the time of their evaluation, or in that by long. */
export class RuleNews {
  readonly #told = new ToldBefore<AlertRule>();
  #evaluated = new Map<string, number>();

  get keys(): readonly string[] {
    return this.#told.keys;
  }

  diff(now: ReadonlyMap<string, AlertRule>): ReturnType<ToldBefore<AlertRule>['diff']> {
    const steady = new Map<string, AlertRule>();
    for (const [key, rule] of now) {
      const told = this.#evaluated.get(key) ?? 0;
      const lately = told > 0 && Math.abs(rule.lastEvaluation - told) < evaluationNews;
      steady.set(key, lately ? { ...rule, lastEvaluation: told } : rule);
    }
    this.#evaluated = new Map([...steady].map(([key, rule]) => [key, rule.lastEvaluation]));
    return this.#told.diff(steady);
  }
}
