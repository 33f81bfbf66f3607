import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { familyOf } from '../../engine/load/families.ts';
import type { TargetNetworks } from '../../learn/target/target-networks.ts';

/** A target's networks, by what its family knows. */
export function targetNetworks(config: TargetConfig): TargetNetworks {
  const { decoder, vision, projector = [] } = familyOf(config);
  return {
    decoder: config.decoder,
    weights: (tensors) => decoder(config, tensors),
    ...(vision && { vision: (tensors) => vision(config, tensors) }),
    projector,
  };
}
