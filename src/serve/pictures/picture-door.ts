import { pictureSize } from '../../input/node/picture-size.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { ApiError } from '../api/api-error.ts';

export interface PictureLimits {
  /** In one request. */
  readonly pictures: number;
  /** Of one file. */
  readonly pictureBytes: number;
  /** Of one picture, width × height. */
  readonly picturePixels: number;
}

/** Where pictures come in: data URIs, and web addresses where a fetcher knows their hosts. Nothing else is opened. */
export interface PictureDoor {
  /** @throws ApiError where a request has more pictures than may be */
  readonly count: (pictures: number) => void;
  /** @throws ApiError, ImageError */
  readonly open: (url: string) => Promise<Uint8Array>;
}

/** @param fetchPicture of web addresses; it knows which hosts are allowed */
export function createPictureDoor(
  { pictures: most, pictureBytes, picturePixels }: PictureLimits,
  fetchPicture: (url: URL, mostBytes: number) => Promise<Uint8Array>,
): PictureDoor {
  return {
    count(pictures) {
      if (pictures <= most) return;
      throw refusedPicture(`the request has ${pictures}, of which at most ${most} are read.`);
    },
    async open(url) {
      const bytes = await read(url);
      const { width, height } = await pictureSize(bytes);
      if (width * height <= picturePixels) return bytes;
      throw refusedPicture(
        `one has ${width} × ${height} pixels, of which at most ${picturePixels} are read; send a smaller one.`,
      );
    },
  };

  async function read(url: string): Promise<Uint8Array> {
    if (/^data:/i.test(url)) return (await readPicture(url, pictureBytes)).bytes;
    if (/^https?:/i.test(url) && URL.canParse(url)) {
      return fetchPicture(new URL(url), pictureBytes);
    }
    throw refusedPicture('the URL must be a data: URI, or a web address of an allowed host.');
  }
}

export const refusedPicture = (problem: string): ApiError =>
  new ApiError(400, 'image_refused', `Pictures: ${problem}`, { param: 'image_url' });
