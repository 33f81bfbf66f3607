/** The kinds of drafts that can be trained: a row each. */
import { ConfigError } from '../../contracts/errors.ts';
import { blockDefaults } from './block/block-settings.ts';
import { teachBlock } from './block/teach-block.ts';
import type { DraftTraining } from './draft-config.ts';
import type { DraftSetup } from './draft-setup.ts';
import type { DraftTeaching } from './draft-teaching.ts';
import { msdDefaults } from './msd/msd-settings.ts';
import { teachMsd } from './msd/teach-msd.ts';
import type { MethodDefaults, SettledTraining } from './settled-training.ts';

interface DraftMethod {
  readonly defaults: MethodDefaults;
  readonly teach: (setup: DraftSetup) => Promise<DraftTeaching>;
}

const METHODS: Record<DraftTraining['draft']['method'], DraftMethod> = {
  msd: { defaults: msdDefaults, teach: teachMsd },
  block: { defaults: blockDefaults, teach: teachBlock },
};

/**
 * A training's config with the defaults of its method where nothing is said.
 * @throws ConfigError where a setting is of another method
 */
export function settle(config: DraftTraining, steps: number): SettledTraining {
  const { defaults } = METHODS[config.draft.method];
  refuseForeign(config);
  return {
    ...config,
    steps,
    draft: { ...defaults.own.draft, ...config.draft },
    objective: { ...defaults.own.objective, ...config.objective },
    noise: { ...defaults.noise, ...config.noise },
    optimiser: { ...defaults.optimiser, warmup: defaults.warmup(steps), ...config.optimiser },
    validation: { ...defaults.validation, ...config.validation },
  };
}

export const openTeaching = (setup: DraftSetup): Promise<DraftTeaching> =>
  METHODS[setup.config.draft.method].teach(setup);

/** The config of a draft of another kind, without the settings that it has not. */
export function forMethod(
  { draft, objective, ...rest }: DraftTraining,
  method: DraftTraining['draft']['method'],
  fusion: DraftTraining['draft']['fusion'],
): DraftTraining {
  const foreign = foreignKeys(method);
  const own = <Settings extends object>(settings: Settings, group: 'draft' | 'objective') =>
    Object.fromEntries(
      Object.entries(settings).filter(
        ([key]) => !foreign.some((one) => one.key === `${group}.${key}`),
      ),
    ) as Settings;
  return {
    ...rest,
    draft: { ...own(draft, 'draft'), method, fusion },
    objective: own(objective, 'objective'),
  };
}

function refuseForeign({ draft, objective }: DraftTraining): void {
  const given = { draft, objective } as Record<'draft' | 'objective', Record<string, unknown>>;
  for (const { key, group, name, method } of foreignKeys(draft.method)) {
    if (given[group][name] === undefined) continue;
    const problem = `belongs to draft.method=${method}, and this is ${draft.method}; leave it out, or choose that method.`;
    throw new ConfigError(key, problem);
  }
}

/** Settings that only other methods have. */
function foreignKeys(own: DraftTraining['draft']['method']) {
  const others = Object.entries(METHODS).filter(([method]) => method !== own);
  return others.flatMap(([method, { defaults }]) =>
    (['draft', 'objective'] as const).flatMap((group) =>
      Object.keys(defaults.own[group]).map((name) => {
        const key = `${group}.${name}`;
        return { key, group, name, method };
      }),
    ),
  );
}
