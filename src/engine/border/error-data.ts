import { ERROR_CLASSES } from '../../contracts/errors/error-classes.ts';
import { type ErrorCode, MsdError } from '../../contracts/errors.ts';

/** An error as data: borders carry plain objects, not classes. */
export interface ErrorData {
  /** Of an error of ours. */
  readonly code: ErrorCode | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: ErrorData | undefined;
}

export function toErrorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return toErrorData(new Error(String(error)));
  const { name, message, stack } = error;
  const isOurs = MsdError.is(error);
  return {
    code: isOurs ? error.code : undefined,
    name,
    message,
    stack,
    fields: isOurs ? fieldsOf(error) : {},
    cause: error.cause === undefined ? undefined : toErrorData(error.cause),
  };
}

function fieldsOf(error: MsdError): Record<string, unknown> {
  const { name: _, ...fields } = error;
  return fields;
}

/** The error again, of the class of its code if it is one of ours, so that `instanceof` holds across the border. */
export function fromErrorData({ code, name, message, stack, fields, cause }: ErrorData): Error {
  const error = new Error(message, cause && { cause: fromErrorData(cause) });
  if (code !== undefined) Object.setPrototypeOf(error, ERROR_CLASSES[code].prototype);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined)
    Object.defineProperty(error, 'stack', { value: stack, configurable: true });
  return Object.assign(error, fields);
}
