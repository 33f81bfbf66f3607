/** Numbers as the report's sentences and tables show them. */

/** Stands for what is missing, or is no number. */
export const NONE = '–';

export function lossWord(loss: number | undefined): string {
  return isNumber(loss) ? loss.toPrecision(3) : NONE;
}

export function passWord(tokensPerPass: number | undefined): string {
  return isNumber(tokensPerPass) ? tokensPerPass.toFixed(2) : NONE;
}

export function shareWord(share: number | undefined): string {
  return isNumber(share) ? `${(100 * share).toFixed(1)} %` : NONE;
}

export function countWord(count: number): string {
  return count.toLocaleString('en');
}

/** The two largest units: `2 h 5 min`. */
export function durationWord(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** Records read back from JSON hold null where a loss was no number. */
function isNumber(value: number | null | undefined): value is number {
  return Number.isFinite(value);
}
