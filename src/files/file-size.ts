import { stat } from 'node:fs/promises';

/** Undefined where nothing is. */
export const fileSize = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
