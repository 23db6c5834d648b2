/** Ends a switch over a closed union: a new member becomes a compile error here. */
export const absurd = (value: never): never => {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
};
