import type { TextLine } from '../../contracts/reading.ts';

/**
 * What a recogniser wrote (CTC, Graves 2006): the likeliest class of each column, but for blanks and for a class that is the
 * column's before too. The confidence is the mean probability of the columns that are kept, 0 where there are none.
 * @param probabilities [columns, classes], the first class a blank
 * @param characters what the other classes write: [classes - 1]
 */
export function decodeColumns(
  probabilities: Float32Array,
  characters: readonly string[],
): Pick<TextLine, 'text' | 'confidence'> {
  const classes = characters.length + 1;
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
      text += characters[best - 1];
      sum += most;
      kept++;
    }
    before = best;
  }
  return { text, confidence: kept === 0 ? 0 : sum / kept };
}
