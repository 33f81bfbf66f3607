/** What stands between eye and decoder before any training: a bridge of names that works, and a grid that says nothing. */
import { uniform } from '../../src/decode/uniform.ts';
import { narrowFloats } from '../../src/formats/narrow-floats.ts';
import type { Tokenizer } from '../../src/input/tokenizer.ts';
import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';

export interface BridgeSizes {
  readonly hiddenSize: number;
  readonly nameTokens: number;
  /** What a cell of the grid is told of. */
  readonly gridWidth: number;
}

/**
 * What stands in front of names that are one, two or three tokens short: "a picture of a typical kind of hammer". Lone spaces,
 * which say less, make SmolLM2 go on with digits, as its tokenizer has a space before each number.
 */
const FILLINGS = [[], [' typical'], [' kind', ' of'], [' typical', ' kind', ' of']] as const;

/** The same of lone spaces. */
export const SPACES = [[], [' '], [' ', ' '], [' ', ' ', ' ']] as const;

/** Of the forms of each name the first that a bridge has tokens enough for, or else the last, which it cuts. */
export function saidNames(
  names: readonly (readonly string[])[],
  tokenizer: Pick<Tokenizer, 'encode'>,
  nameTokens: number,
): string[] {
  return names.map((forms) => {
    const fits = (form: string) => idsOf(tokenizer, ` ${form}`).length <= nameTokens;
    return forms.find(fits) ?? forms.at(-1) ?? '';
  });
}

/**
 * Columns of names in the decoder's own embeddings, token by token, with a filling in front of short names, the first tokens of
 * long ones. → [nameTokens · H, names]
 * @param embedding [vocabulary, H]
 */
export function namesMatrix(
  names: readonly string[],
  tokenizer: Pick<Tokenizer, 'encode'>,
  embedding: Float32Array,
  { hiddenSize, nameTokens }: BridgeSizes,
  fillings: readonly (readonly string[])[] = FILLINGS,
): Float32Array {
  const fillers = fillings.map((words) => words.flatMap((word) => idsOf(tokenizer, word)));
  const matrix = new Float32Array(nameTokens * hiddenSize * names.length);
  for (const [column, name] of names.entries()) {
    const said = idsOf(tokenizer, ` ${name}`).slice(0, nameTokens);
    const tokens = [...(fillers[nameTokens - said.length] ?? []), ...said];
    for (const [place, id] of tokens.entries()) {
      for (let i = 0; i < hiddenSize; i++) {
        const row = place * hiddenSize + i;
        matrix[row * names.length + column] = embedding[id * hiddenSize + i] as number;
      }
    }
  }
  return matrix;
}

const idsOf = (tokenizer: Pick<Tokenizer, 'encode'>, text: string): number[] => [
  ...tokenizer.encode(text, { addSpecialTokens: false }),
];

/** The grid's layers: the first drawn, the second zero, so that its tokens are zero until it is trained. */
export function gridTensors({ hiddenSize: h, gridWidth }: BridgeSizes): StreamedTensor[] {
  const spread = gridWidth ** -0.5;
  const drawn = Float32Array.from({ length: h * gridWidth }, (_, i) => {
    return spread * Math.sqrt(3) * (2 * uniform(0, i) - 1);
  });
  return [
    halvesOf('grid.linear_1.weight', [h, gridWidth], drawn),
    halvesOf('grid.linear_1.bias', [h], new Float32Array(h)),
    halvesOf('grid.linear_2.weight', [h, h], new Float32Array(h * h)),
    halvesOf('grid.linear_2.bias', [h], new Float32Array(h)),
  ];
}

export const halvesOf = (
  name: string,
  shape: readonly number[],
  data: Float32Array,
): StreamedTensor => ({
  name,
  shape,
  dtype: 'F16',
  async *pieces() {
    const halves = narrowFloats(data, 'F16');
    if (halves === undefined)
      throw new RangeError(`${name} holds numbers that are too large for halves.`);
    yield halves;
  },
});
