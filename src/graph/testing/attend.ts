/** softmax(q · k / √d) over the visible columns, then their values' mean. Double precision. */
export function attend(
  query: readonly number[],
  keys: readonly (readonly number[])[],
  values: readonly (readonly number[])[],
  sees: (column: number) => boolean = () => true,
): number[] {
  const scores = keys.map((key, column) =>
    sees(column)
      ? key.reduce((sum, x, i) => sum + x * (query[i] as number), 0) / Math.sqrt(key.length)
      : Number.NEGATIVE_INFINITY,
  );
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return query.map((_, i) =>
    weights.reduce((sum, w, column) => sum + (w / total) * (values[column]?.[i] as number), 0),
  );
}
