import * as errors from '../../contracts/errors.ts';

/** An error as data: threads copy plain objects, not classes. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: ErrorData | undefined;
}

export function toErrorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) {
    const message = String(error);
    return { name: 'Error', message, stack: undefined, fields: {}, cause: undefined };
  }
  const { name, message, stack } = error;
  const fields = errors.MsdError.is(error) ? Object.fromEntries(Object.entries(error)) : {};
  const cause = error.cause === undefined ? undefined : toErrorData(error.cause);
  return { name, message, stack, fields, cause };
}

/** The error again, of its class if it is one of ours, so that `instanceof` holds across the border. */
export function fromErrorData({ name, message, stack, fields, cause }: ErrorData): Error {
  const prototype = Object.values(errors).find((one) => one.name === name)?.prototype;
  const error = new Error(message, cause && { cause: fromErrorData(cause) });
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined)
    Object.defineProperty(error, 'stack', { value: stack, configurable: true });
  return Object.assign(error, fields);
}
