/** What a printed number counts, thousands parted or not; NaN where it is none. */
export function numberIn(text: string): number {
  const plain = text.replace(/[^\d.,\-−]/g, '').replace('−', '-');
  const whole = plain.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.');
  return whole === '' ? Number.NaN : Number(whole);
}
