import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { weightsFolder } from '../../engine/node/cache-folder.ts';
import { hubCache } from '../../hub/hub-environment.ts';
import { lockModel } from '../../hub/lock-model.ts';
import { type ModelName, modelFolder, parseModelName } from '../../hub/model-name.ts';
import { byteSize } from '../print/units.ts';
import { confirm } from './rm/confirm.ts';
import { planFolder, planHubModel, planUseless, type RmPlan } from './rm/plan-rm.ts';

/**
 * `msd rm`: frees a model, or one revision of it, in the Hugging Face cache, and what was converted from it.
 * Exit code 1 if the answer is no.
 */
export function rmCommand() {
  return new Command('rm')
    .description('delete a model from the cache, with what was converted from it')
    .argument('[MODEL]', 'owner/name for all of it, owner/name@revision, or a folder (see below)')
    .option('--stale', 'delete what was converted and no load reads any more')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (model, { stale = false, yes = false }, command) => {
      if ((model === undefined) !== stale) {
        command.error('error: give a MODEL or --stale, and not both.', { exitCode: 2 });
      }
      const weights = weightsFolder();
      const cache = hubCache(process.env);
      const name = model === undefined ? undefined : hubName(model, cache);
      if (model === undefined) await removeStale(weights, yes);
      else if (name === undefined) await carryOut(await planFolder(model, weights), yes);
      else await removeFromHub(name, () => planHubModel(model, name, cache, weights), cache, yes);
    });
}

/** Undefined of a folder: what is no name, or of which the cache has nothing and a folder stands there. */
function hubName(text: string, cache: string): ModelName | undefined {
  const name = parseModelName(text);
  if (name === undefined || existsSync(join(cache, modelFolder(name.model)))) return name;
  return existsSync(text) ? undefined : name;
}

async function removeStale(weights: string, yes: boolean): Promise<void> {
  const plan = await planUseless(weights);
  if (plan.freedBytes > 0) await carryOut(plan, yes);
  else process.stderr.write('nothing is stale\n');
}

async function removeFromHub(
  { model }: ModelName,
  plan: () => Promise<RmPlan>,
  cache: string,
  yes: boolean,
): Promise<void> {
  await plan(); // what is not there needs no lock
  const unlock = await lockModel(cache, model);
  try {
    await carryOut(await plan(), yes);
  } finally {
    await unlock();
  }
}

async function carryOut({ what, freedBytes, run }: RmPlan, yes: boolean): Promise<void> {
  if (!yes && !(await confirm(`Delete ${what}?`))) {
    process.stderr.write('nothing was deleted\n');
    process.exitCode = 1;
    return;
  }
  await run();
  process.stderr.write(`${byteSize(freedBytes)} freed\n`);
}

const HELP = `
Examples:
  msd rm llava-hf/llava-1.5-7b-hf
  msd rm ./my-llava
  msd rm --stale

A revision's files go unless another revision in the cache has them too. Python's huggingface_hub sees the same cache.
With a model goes what --precision converted from it. Of a folder only that goes; the folder itself stays.
What a running process has open it keeps until it ends, and so does the disk.`;
