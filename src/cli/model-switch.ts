import type { ShellModel } from '../views/shell.tsx';

/** A model for the shell that can be exchanged while it is mounted, e.g. for another cluster. */
export class ModelSwitch implements ShellModel {
  readonly #subscribers = new Set<() => void>();
  #current: ShellModel;
  #leave: () => void = () => {};
  #version = 0;

  constructor(first: ShellModel) {
    this.#current = first;
    this.use(first);
  }

  use(model: ShellModel): void {
    this.#leave();
    this.#current = model;
    this.#leave = model.subscribe(this.#changed);
    this.#changed();
  }

  readonly #changed = (): void => {
    this.#version += 1;
    for (const subscriber of [...this.#subscribers]) subscriber();
  };

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  };

  readonly version = (): number => this.#version;
  readonly paint = (columns: number, rows: number): readonly string[] =>
    this.#current.paint(columns, rows);
  readonly press = (key: string): void => this.#current.press(key);
  readonly paste = (text: string): void => this.#current.paste(text);
}
