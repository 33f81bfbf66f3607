import {
  ContextLengthError,
  DisposedError,
  EngineLostError,
  type ErrorCode,
  MsdError,
  OptionError,
  SchemaError,
} from '../../contracts/errors.ts';
import { ApiError } from './api-error.ts';

/** Of the model's errors, those that the client can mend. */
const CLIENTS: readonly ErrorCode[] = [
  'chat_template_invalid',
  'chat_template_unsupported',
  'drafter_unavailable',
  'grammar_stuck',
  'image_unreadable',
  'placeholders_mismatched',
  'prompt_invalid',
];

/** Seconds after which a new engine may be there. */
const RELOAD_SECONDS = 5;

/** Whatever went wrong, as a client is told. What is a bug keeps its words for the log. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ContextLengthError) {
    return new ApiError(400, error.code, error.message, { param: 'messages' });
  }
  if (error instanceof OptionError) {
    const param = snakeCase(error.option);
    const message = error.message.replace(`Option ${error.option}`, param);
    return new ApiError(400, 'invalid_value', message, { param });
  }
  if (error instanceof SchemaError) {
    const param = schemaParam(error.path);
    const message = error.message.replace(`Schema ${error.path}`, () => param);
    return new ApiError(400, error.code, message, { param });
  }
  if (error instanceof EngineLostError || error instanceof DisposedError) {
    return new ApiError(503, error.code, 'The engine ended while it answered; ask again.', {
      retryAfter: RELOAD_SECONDS,
    });
  }
  if (MsdError.is(error)) {
    const status = CLIENTS.includes(error.code) ? 400 : 500;
    return new ApiError(status, error.code, error.message);
  }
  return new ApiError(
    500,
    'internal_error',
    "This is a bug of the server; its log has the details by this answer's X-Request-Id.",
  );
}

/** `#/tools/0/function/parameters/…` stands in the request; any other pointer in the schema of its format. */
function schemaParam(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const above = steps[0] === 'tools' ? [] : ['response_format', 'json_schema', 'schema'];
  return [...above, ...steps]
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
