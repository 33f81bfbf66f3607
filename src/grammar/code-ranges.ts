/** Code points, both ends included. */
export type CodeRange = readonly [first: number, last: number];

export const MOST_CODE = 0x10ffff;

/** What is left of some ranges without others. */
export function cutRanges(
  ranges: readonly CodeRange[],
  without: readonly CodeRange[],
): CodeRange[] {
  return without.reduce<CodeRange[]>(
    (left, [from, to]) =>
      left.flatMap(([first, last]): CodeRange[] => {
        if (to < first || last < from) return [[first, last]];
        return [
          ...(first < from ? [[first, from - 1] as const] : []),
          ...(to < last ? [[to + 1, last] as const] : []),
        ];
      }),
    [...ranges],
  );
}

/** All characters but these. */
export const otherRanges = (ranges: readonly CodeRange[]): CodeRange[] =>
  cutRanges([[0, MOST_CODE]], ranges);

/** The characters for which this holds. */
export function rangesWhere(holds: (character: string) => boolean): CodeRange[] {
  const ranges: CodeRange[] = [];
  let first = -1;
  for (let code = 0; code <= MOST_CODE + 1; code += 1) {
    const inside = code <= MOST_CODE && holds(String.fromCodePoint(code));
    if (inside && first < 0) first = code;
    if (!inside && first >= 0) {
      ranges.push([first, code - 1]);
      first = -1;
    }
  }
  return ranges;
}
