/**
 * How much each place of a square map adds to each cell of a coarser one: cell i averages places floor(i · s / c) to
 * ceil((i + 1) · s / c), along both sides (adaptive average pooling). [s · s, c · c]
 */
export function cellShares(side: number, cells: number): Float32Array {
  const along = Array.from({ length: cells }, (_, cell) => {
    const [first, end] = [
      Math.floor((cell * side) / cells),
      Math.ceil(((cell + 1) * side) / cells),
    ];
    return Array.from({ length: side }, (_, at) =>
      at >= first && at < end ? 1 / (end - first) : 0,
    );
  });
  const share = (cell: number, at: number) => along[cell]?.[at] as number;
  return Float32Array.from({ length: side ** 2 * cells ** 2 }, (_, index) => {
    const [place, cell] = [Math.floor(index / cells ** 2), index % cells ** 2];
    return (
      share(Math.floor(cell / cells), Math.floor(place / side)) * share(cell % cells, place % side)
    );
  });
}
