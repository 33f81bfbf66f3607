import type { PlacedLine } from './text-line.ts';

/**
 * What a recogniser wrote (CTC, Graves 2006): the likeliest class of each column, but for blanks and for a class that is the
 * column's before too. The confidence is the mean probability of the columns that are kept, 0 where there are none. A
 * character's place is the share of all columns up to the middle of its own.
 * @param probabilities [columns, classes], the first class a blank
 * @param characters what the other classes write: [classes - 1]
 */
export function decodeColumns(
  probabilities: Float32Array,
  characters: readonly string[],
): Pick<PlacedLine, 'text' | 'confidence' | 'places'> {
  const classes = characters.length + 1;
  const places: number[] = [];
  let [text, sum, kept, before] = ['', 0, 0, 0];
  for (let column = 0; column < probabilities.length; column += classes) {
    let best = 0;
    let most = probabilities[column] as number;
    for (let index = 1; index < classes; index++) {
      const probability = probabilities[column + index] as number;
      if (probability <= most) continue;
      most = probability;
      best = index;
    }
    if (best !== 0 && best !== before) {
      const character = characters[best - 1] as string;
      text += character;
      for (let unit = 0; unit < character.length; unit++) {
        places.push((column + classes / 2) / probabilities.length);
      }
      sum += most;
      kept++;
    }
    before = best;
  }
  return { text, confidence: kept === 0 ? 0 : sum / kept, places };
}
