import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../api/api-error.ts';

/** Says whether a request may come in: always where there are no keys. @throws ApiError 401 */
export type CheckKey = (headers: Headers) => void;

/** Keys are compared by their digests, all of them, so that the time says nothing of where they differ. */
export function createKeyCheck(keys: readonly string[]): CheckKey {
  const known = keys.map(digest);
  return (headers) => {
    if (known.length === 0) return;
    const given = digest(keyIn(headers));
    const matches = known.filter((one) => timingSafeEqual(one, given)).length;
    if (matches > 0) return;
    throw new ApiError(
      401,
      'invalid_api_key',
      'The API key is missing or not known; send it as Authorization: Bearer KEY.',
    );
  };
}

function keyIn(headers: Headers): string {
  const [, bearer] = headers.get('authorization')?.match(/^Bearer (.+)$/i) ?? [];
  return bearer ?? headers.get('api-key') ?? '';
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
