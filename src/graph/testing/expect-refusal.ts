import { expect } from 'vitest';
import { GraphError } from '../../contracts/errors.ts';

/** The mistake is a GraphError there and then, and its message holds these words (the shapes, above all). */
export function expectRefusal(build: () => unknown, ...words: readonly string[]): void {
  let thrown: unknown;
  try {
    build();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(GraphError);
  const { message } = thrown as GraphError;
  for (const word of words) expect(message).toContain(word);
}
