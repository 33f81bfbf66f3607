import type { ToolCallDelta } from '../../contracts/tool-call.ts';

/** Pieces of calls, those of one call that follow each other as one. */
export function joinDeltas(deltas: readonly ToolCallDelta[]): ToolCallDelta[] {
  const joined: ToolCallDelta[] = [];
  for (const delta of deltas) {
    const last = joined.at(-1);
    if (last?.index !== delta.index) joined.push(delta);
    else joined[joined.length - 1] = { ...last, arguments: last.arguments + delta.arguments };
  }
  return joined;
}
