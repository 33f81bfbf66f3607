import type { VisualRows } from '../../contracts/rows.ts';
import { joinFloats } from '../../model/join-rows.ts';
import type { PreparedPrompt } from './read-prompt.ts';

/**
 * The visual embeddings of prompt positions `from` to `to`, as rows counted from `from`. The target reads position p
 * at row p; a draft reads x[p+1] there too, so its rows go one further.
 */
export function visualRows(
  prompt: Pick<PreparedPrompt, 'spans' | 'pictures'>,
  from: number,
  to: number,
): VisualRows | undefined {
  const slots: number[] = [];
  const parts: Float32Array[] = [];
  let width = 0;
  for (const { start, length, picture, row } of prompt.spans) {
    const rows = prompt.pictures[picture]?.embeddings;
    const [first, end] = [Math.max(start, from), Math.min(start + length, to)];
    if (rows === undefined || first >= end) continue;
    width = rows.width;
    parts.push(rows.data.subarray((row + first - start) * width, (row + end - start) * width));
    for (let position = first; position < end; position++) slots.push(position - from);
  }
  if (slots.length === 0) return undefined;
  const embeddings = { data: joinFloats(parts), count: slots.length, width };
  return { embeddings, slots: Int32Array.from(slots) };
}
