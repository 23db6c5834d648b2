/** Whether somebody looks at the alerts now. Near until told otherwise: a screen opens on them. */
export class Attention {
  #near = true;
  readonly #waiting = new Set<() => void>();

  readonly near = (): boolean => this.#near;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#waiting.add(onChange);
    return () => this.#waiting.delete(onChange);
  };

  set(near: boolean): void {
    if (near === this.#near) return;
    this.#near = near;
    for (const tell of [...this.#waiting]) tell();
  }
}
