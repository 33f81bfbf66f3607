/** What a client is told when a request is not answered, in the form that OpenAI's clients read. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly param: string | null;
  /** Seconds after which asking again may help. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    { param = null, retryAfter }: { param?: string | null; retryAfter?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.type = typeOf(status);
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
  }
}

/** The body of an answer that is an error. */
export const errorBody = ({ message, type, param, code }: ApiError) => ({
  error: { message, type, param, code },
});

export const refused = (param: string, problem: string, code = 'invalid_value'): ApiError =>
  new ApiError(400, code, `${param} ${problem}`, { param });

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
