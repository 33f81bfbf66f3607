import { emojiSuite } from './emoji-suites.ts';
import { photographSuite } from './photograph-suites.ts';
import type { Suite, SuiteName } from './suite.ts';
import { yesNoSuite } from './yes-no-suite.ts';

/**
 * A suite with its pictures, which are fetched the first time.
 * @param place where they stay
 */
export async function openSuite(
  name: SuiteName,
  place: string,
  say: (line: string) => void,
): Promise<Suite> {
  switch (name) {
    case 'photographs':
    case 'other-photographs':
      return photographSuite(name, place, say);
    case 'yes-no':
      return yesNoSuite(await photographSuite('photographs', place, say));
    default:
      return emojiSuite(name, place, say);
  }
}
