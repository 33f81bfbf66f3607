import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { familyOf } from '../../families/families.ts';
import type { TargetNetworks } from '../../learn/target/target-networks.ts';

/** A target's networks, by what its family knows. */
export function targetNetworks(config: TargetConfig): TargetNetworks {
  const { decoder, vision, visionOfMany, projector = [] } = familyOf(config);
  const tower = visionOfMany ?? vision;
  return {
    decoder: config.decoder,
    weights: (tensors) => decoder(config, tensors),
    ...(tower && {
      tower: { graph: (tensors) => tower(config, tensors), takesMany: tower === visionOfMany },
    }),
    projector,
  };
}
