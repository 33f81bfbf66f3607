/** Row and column of each patch of a grid of embeddings: squares of 2 x 2, row by row. */
export function patchesOf(height: number, width: number): { row: number; column: number }[] {
  const patches = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (const [down, right] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        patches.push({ row: 2 * row + down, column: 2 * column + right });
      }
    }
  }
  return patches;
}
