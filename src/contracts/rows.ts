/** A row-major matrix of floats: `count` rows of `width` numbers, `data.length = count * width`. */
export interface Rows {
  readonly data: Float32Array; // [count, width]
  readonly count: number;
  readonly width: number;
}

/** A picture's embeddings [tokens, H], and names of what it shows, in tokens, likeliest first, where its family tells. */
export interface SeenPicture extends Rows {
  readonly named?: readonly Int32Array[];
}

/** Visual embeddings (after the projector) and the rows of a step or of a draft input that they fill. */
export interface VisualRows {
  readonly embeddings: Rows; // [m, H]
  readonly slots: Int32Array; // [m] row index that each embedding replaces, ascending
}
