import { MsdError } from '../contracts/errors.ts';

/** The thread of a loaded model ended by itself: out of memory, or a bug. Its running requests fail with this. */
export class EngineLostError extends MsdError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The model's thread ended (${reason}); load the model again, with fewer requests if memory ran out.`,
      options,
    );
  }
}
