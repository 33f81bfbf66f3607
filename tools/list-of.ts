import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Parses a comma-separated choice of some names, as they stand in order. */
export function listOf<Name extends string>(all: readonly Name[]) {
  return (text: string): Name[] => {
    const names = text.split(',');
    const known = all.filter((name) => names.includes(name));
    if (known.length === names.length) return known;
    throw new InvalidArgumentError(`There are: ${all.join(', ')}.`);
  };
}
