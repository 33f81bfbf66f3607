const MOST = 16;

/** A token as a label: what can't be seen gets a sign, what is long is cut. */
export function visibleToken(token: string): string {
  if (token === '') return '∅';
  const shown = token
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥')
    .replaceAll('\u{fffd}', '▯')
    .replace(/^ (?=\S)/, '') // most words have one in front
    .replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
  const letters = [...shown];
  return letters.length > MOST ? `${letters.slice(0, MOST - 1).join('')}…` : shown;
}
