import { ApiError } from '../api/api-error.ts';
import { toApiError } from '../api/to-api-error.ts';

/** What stands elsewhere in responses than in chats. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^messages$/, 'input'],
  [/^response_format\.json_schema/, 'text.format'],
  [/^response_format/, 'text.format'],
  [/^(tools\[\d+\])\.function/, '$1'],
];

/** An error that names the field of a response where it would name that of a chat; others as they are. */
export function inResponseWords(error: unknown): unknown {
  const { status, code, message, param, retryAfter } = toApiError(error);
  const place = PLACES.find(([pattern]) => pattern.test(param ?? ''));
  if (param === null || place === undefined) return error;
  const named = param.replace(...place);
  const words = message.startsWith(param) ? named + message.slice(param.length) : message;
  return new ApiError(status, code, words, {
    param: named,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
