import type { Place, Report } from '../diagnose.ts';
import type { Fence } from '../markdown/blocks.ts';
import type { Classified } from './classified.ts';
import type { ChoiceWay } from './declared-plans.ts';
import type { ParameterBook } from './parameters.ts';
import type { Settings } from './settings.ts';
import type { TaskBook } from './task-book.ts';

/** What is common to all tasks of a step. */
export interface TaskPlace {
  readonly step: string;
  readonly settings: Settings;
  readonly book: ParameterBook;
  readonly tasks: TaskBook;
  readonly report: Report;
  /** Answers of a choice, which are ways out of the step. */
  onChoice(ways: readonly ChoiceWay[], fence: Fence): void;
}

/** A task before it has an id. */
export interface Draft {
  readonly classified: Classified;
  readonly source: string;
  readonly place: Place;
}
