import { InvalidArgumentError } from 'commander';

const labelsMost = 100;
const valueMost = 1000;

/** One more `name=value` of the command line; the last of a name counts. */
export const givenLabel = (
  text: string,
  all: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at));
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name)) {
    throw new InvalidArgumentError('give name=value, as the alert has it.');
  }
  const value = text.slice(at + 1);
  if (value.length > valueMost) {
    throw new InvalidArgumentError(`a value has at most ${valueMost} characters.`);
  }
  const labels = { ...all, [name]: value };
  if (Object.keys(labels).length > labelsMost) {
    throw new InvalidArgumentError(`give at most ${labelsMost} labels.`);
  }
  return labels;
};
