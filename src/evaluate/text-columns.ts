/** Lines of cells in columns as wide as their widest cell; those named in `left` align left, the others right. */
export function textColumns(
  lines: readonly (readonly string[])[],
  left: readonly number[],
): string[] {
  const width = (column: number) =>
    lines.reduce((widest, cells) => Math.max(widest, cells[column]?.length ?? 0), 0);
  return lines.map((cells) =>
    cells
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(width(column)) : cell.padStart(width(column)),
      )
      .join('  ')
      .trimEnd(),
  );
}
