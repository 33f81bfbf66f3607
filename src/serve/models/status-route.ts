import type { Context } from 'hono';
import type { ServerEnv } from '../http/server-env.ts';
import type { ServerParts } from '../server-parts.ts';

/** `GET /v1/msd/status`: what runs, and how busy it is, for the page and for people. */
export const statusRoute = (parts: ServerParts) => (c: Context<ServerEnv>) => {
  const { keeper, gate, settings, ending } = parts;
  const info = keeper.state === 'ready' ? keeper.get().info : null;
  const { parallel, queue, names } = settings;
  return c.json({
    state: ending() ? 'ending' : keeper.state,
    models: names,
    running: gate.running,
    waiting: gate.waiting,
    load: gate.running / parallel,
    limits: { parallel, queue, pictures: settings.pictures, picture_bytes: settings.pictureBytes },
    engines_lost: keeper.lost,
    engine: info && {
      ...{ model: info.model, draft: info.draft, drafters: info.drafters, family: info.family },
      ...(info.recycled && { recycled: info.recycled }),
      ...{ precision: info.precision, device: info.device, threads: info.threads },
      ...{ context_length: info.contextLength, reads_pictures: info.readsPictures },
      costs: info.costs,
    },
  });
};
