import type { Logger } from 'pino';
import type { Prometheus } from './figures/prometheus.ts';
import type { CheckKey } from './guard/keys.ts';
import type { PageFile } from './http/page-files.ts';
import type { PictureDoor } from './pictures/picture-door.ts';
import type { ServeSettings } from './serve-settings.ts';
import type { Desk } from './work/desk.ts';
import type { EngineKeeper } from './work/engine-keeper.ts';
import type { Gate } from './work/gate.ts';

/** What the routes of a server are made of. */
export interface ServerParts {
  readonly settings: ServeSettings;
  readonly desk: Desk;
  readonly gate: Gate;
  readonly keeper: EngineKeeper;
  readonly door: PictureDoor;
  readonly checkKey: CheckKey;
  readonly metrics: Prometheus;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Letters that nobody guesses. */
  readonly newId: () => string;
  /** A seed for a request that gives none. */
  readonly drawSeed: () => number;
  /** Whether the server was asked to end. */
  readonly ending: () => boolean;
}
