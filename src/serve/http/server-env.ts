import type { HttpBindings } from '@hono/node-server';

/** What routes know of a request beside its own contents. */
export interface ServerEnv {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    /** Of the request, in the log and in its answer's X-Request-Id. */
    id: string;
    /** Ends what was ordered for it. */
    leave: AbortController;
    /** Its answer goes on after it was begun, and leaves by itself. */
    streams?: true;
  };
}
