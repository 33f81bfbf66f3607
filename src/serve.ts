/** `msd-ts/serve`: a model behind OpenAI's API. */
export { createServer, type MsdServer, type ServerOptions } from './serve/create-server.ts';
export type { ServeSettings } from './serve/serve-settings.ts';
