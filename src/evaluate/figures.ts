/** Numbers as tables show them; a dash where there is none. */

export function ms(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)} ms`;
}

/** A ratio: `1.25x`. */
export function times(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${ratio.toFixed(2)}x`;
}

export function share(value: number): string {
  return Number.isFinite(value) ? `${Math.round(100 * value)} %` : '-';
}
