/** Turns a picture upright by its EXIF orientation: 1 as stored, 2–4 mirrored or upside down, 5–8 with its sides swapped. */
import type { RgbImage } from '../../contracts/image.ts';

/** Any other number leaves the picture as it is. */
export function orientImage(image: RgbImage, orientation: number): RgbImage {
  if (orientation < 2 || orientation > 8) return image;
  const swapped = orientation >= 5;
  const width = swapped ? image.height : image.width;
  const height = swapped ? image.width : image.height;
  // Which way the stored columns and rows run in the upright picture.
  const columnsBackward = [2, 3, 7, 8].includes(orientation);
  const rowsBackward = [3, 4, 6, 7].includes(orientation);
  const data = new Uint8Array(image.data.length);
  let o = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = swapped ? y : x;
      const row = swapped ? x : y;
      const storedColumn = columnsBackward ? image.width - 1 - column : column;
      const storedRow = rowsBackward ? image.height - 1 - row : row;
      const from = (storedRow * image.width + storedColumn) * 3;
      data[o++] = image.data[from] as number;
      data[o++] = image.data[from + 1] as number;
      data[o++] = image.data[from + 2] as number;
    }
  }
  return { width, height, data };
}
