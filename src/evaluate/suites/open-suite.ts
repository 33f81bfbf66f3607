import { chartSuite } from './chart-suites.ts';
import { documentSuite } from './document-suites.ts';
import { edgeSuite } from './edge-suite.ts';
import { emojiSuite } from './emoji-suites.ts';
import { photographSuite } from './photograph-suites.ts';
import { readingSuite } from './reading-suite.ts';
import { refusalsSuite } from './refusals-suite.ts';
import type { Suite, SuiteName } from './suite.ts';
import { textsSuite } from './texts-suite.ts';
import { yesNoSuite } from './yes-no-suite.ts';

/**
 * A suite with its pictures, which are drawn, out of what is fetched the first time.
 * @param place where that stays
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
    case 'reading':
      return readingSuite(place, say);
    case 'documents':
    case 'held-out-documents':
      return documentSuite(name, place, say);
    case 'charts':
    case 'charts-without-values':
      return chartSuite(name, place, say);
    case 'refusals':
      return refusalsSuite(place, say);
    case 'texts':
      return textsSuite();
    case 'edge':
      return edgeSuite(place, say);
    default:
      return emojiSuite(name, place, say);
  }
}
