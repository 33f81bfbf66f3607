import { Command } from '@commander-js/extra-typings';
import { weightsFolder } from '../../engine/node/cache-folder.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import { realPlace } from '../../files/real-place.ts';
import { scanConversions } from '../../formats/scan-conversions.ts';
import { hubCache } from '../../hub/hub-environment.ts';
import { type CachedModel, scanCache } from '../../hub/scan-cache.ts';
import { conversionLines, conversionsJson } from '../print/conversion-lines.ts';
import { byteSize } from '../print/units.ts';

/** `msd list`: the models in the Hugging Face cache, one line for each snapshot, and what was converted from models. */
export function listCommand() {
  return new Command('list')
    .description(
      'list the models in the cache, and what --precision converted: size, last use, path',
    )
    .option('--json', 'print one JSON object (sizes in bytes)')
    .action(async ({ json }) => {
      const cache = hubCache(process.env);
      const models = await scanCache(cache);
      const conversions = await scanConversions(weightsFolder());
      const real = await realPlace(cache);
      if (json) {
        const converted = conversionsJson(real, conversions);
        process.stdout.write(`${JSON.stringify({ ...cacheJson(cache, models), converted })}\n`);
        return;
      }
      const more = conversionLines(real, conversions);
      const lines = [...cacheLines(cache, models), ...(more.length > 0 ? ['', ...more] : [])];
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

function cacheJson(cache: string, models: readonly CachedModel[]) {
  return {
    cache,
    models: models.flatMap(({ model, snapshots }) =>
      snapshots.map(({ commit, refs, bytes, usedAt, path }) => ({
        ...{ model, refs, commit, bytes, used: usedAt.toISOString(), path },
      })),
    ),
    incomplete: models
      .filter(({ incompleteBytes }) => incompleteBytes > 0)
      .map(({ model, incompleteBytes }) => ({ model, bytes: incompleteBytes })),
  };
}

const HEADER = ['MODEL', 'REVISION', 'SIZE', 'USED', 'PATH'];
/** Columns of text. */
const LEFT = [0, 1, 3, 4];

function cacheLines(cache: string, models: readonly CachedModel[]): string[] {
  const lines = models.flatMap(({ model, snapshots, incompleteBytes, folder }) => [
    ...snapshots.map(({ commit, refs, bytes, usedAt, path }) => [
      ...[model, refs.join(', ') || commit.slice(0, 12), byteSize(bytes), day(usedAt), path],
    ]),
    ...(incompleteBytes > 0 ? [[model, 'incomplete', byteSize(incompleteBytes), '', folder]] : []),
  ]);
  if (lines.length === 0) return [`${cache} has no models; msd pull fetches one.`];
  return textColumns([HEADER, ...lines], LEFT);
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
