import { diagnostic, type Place, type Report } from '../diagnose.ts';

/** More than this nobody does. */
export const tasksMost = 2000;

/** Hands out ids of tasks, each once. */
export class TaskBook {
  readonly #report: Report;
  readonly #taken = new Set<string>();
  readonly #times = new Map<string, number>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** An id under `base`: itself when it is a name of its own, else with a number. Null: there are too many. */
  next(base: string, own: boolean, place: Place): string | null {
    if (this.#taken.size >= tasksMost) {
      if (this.#taken.size === tasksMost) {
        const message = `more than ${tasksMost} commands: the others are shown, and are no tasks`;
        this.#report(diagnostic('error', 'limit', place, message));
        this.#taken.add('');
      }
      return null;
    }
    let n = this.#times.get(base) ?? (own ? 0 : 1);
    let id = n === 0 ? base : `${base}.${n}`;
    while (this.#taken.has(id)) {
      n += 1;
      id = `${base}.${n}`;
    }
    this.#times.set(base, n + 1);
    this.#taken.add(id);
    return id;
  }

  has(id: string): boolean {
    return this.#taken.has(id);
  }
}
