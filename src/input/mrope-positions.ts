import type { PictureLayout } from '../contracts/image.ts';
import type { AxisPositions, PictureSpan } from '../contracts/messages.ts';

/**
 * Positions of a prompt by time, height and width, as Qwen2-VL counts them (`get_rope_index`): text goes on along all
 * three; the embeddings of a picture share one time and stand at their row and column; what follows begins one beyond
 * the highest of them. Undefined where no picture has a grid: then places in the text are positions.
 */
export function mropePositions(
  length: number,
  spans: readonly PictureSpan[], // one per picture
  layouts: readonly Pick<PictureLayout, 'grid'>[], // [pictures]
): AxisPositions | undefined {
  if (!layouts.some(({ grid }) => grid)) return undefined;
  const time = new Int32Array(length);
  const height = new Int32Array(length);
  const width = new Int32Array(length);
  let [place, position] = [0, 0];
  const read = (end: number) => {
    for (; place < end; place++, position++) {
      time[place] = height[place] = width[place] = position;
    }
  };
  for (const { start, picture } of spans) {
    const grid = layouts[picture]?.grid;
    if (grid === undefined) continue;
    read(start);
    for (let row = 0; row < grid.height; row++) {
      for (let column = 0; column < grid.width; column++, place++) {
        time[place] = position;
        height[place] = position + row;
        width[place] = position + column;
      }
    }
    position += Math.max(grid.height, grid.width);
  }
  read(length);
  return { time, height, width };
}
