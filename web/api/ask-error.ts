/** A request that the server refused, or a stream that ended badly, in the server's words. */
export class AskError extends Error {
  override readonly name = 'AskError';

  /** Null of an error within a stream, and where no server answered. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}
