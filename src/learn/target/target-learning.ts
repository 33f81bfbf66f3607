/** The target's networks as they are trained and as they are judged, over weights in memory. */
import { isInMemory, type TensorRef } from '../../contracts/checkpoint.ts';
import { type Feeds, floatTensor, type Session } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import type { StepRun } from '../learner.ts';
import { type AdapterSettings, adapt } from './adapters.ts';
import { type DecoderLearning, type DecoderSettings, openWhole } from './decoder-learning.ts';
import { type OpenSegment, openForward } from './open-segment.ts';
import { decoderTensors } from './parts.ts';
import { openRecomputed } from './recompute.ts';
import { joinRows, splitRows } from './row-tensors.ts';
import { inputOf, runForward, type SegmentRun } from './run-segment.ts';
import type { TargetWeights } from './take-weights.ts';
import type { TargetBatch, TargetGroup } from './target-batch.ts';
import { buildTargetLoss } from './target-loss.ts';
import type { TargetNetworks } from './target-networks.ts';
import { openTower, type TowerLearning } from './tower-learning.ts';

export interface TargetLearning {
  /** The runs of a step. */
  readonly runsOf: (batch: TargetBatch) => StepRun[];
  /** Bytes that runs of the decoder hold besides weights, learning and judging, for the sizes of a group. */
  readonly decoderBytes: (kind: Kind, sizes: Sizes) => number;
  /** The same of the tower, for a group with as many pictures, all like this one. */
  readonly towerBytes: (picture: Feeds, count: number) => number;
  /** Whether dialogues without pictures teach anything. */
  readonly learnsFromText: boolean;
  /** Mean loss of a batch, without learning from it. */
  readonly judge: (batch: TargetBatch) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

export interface LearningSettings {
  readonly adapters: AdapterSettings;
  /** Compute each layer's inside again on the way back. */
  readonly recompute: boolean;
  readonly openSession: (graph: Graph) => Promise<Session>;
  /** The numbers of a tensor. */
  readonly read: (ref: TensorRef) => Promise<Float32Array>;
}

type Kind = TargetGroup['kind'];

/** What a kind of batches is run through. Without `learning`, it teaches nothing. */
interface Networks {
  readonly learning: DecoderLearning | undefined;
  readonly judging: OpenSegment;
}

export async function createTargetLearning(
  networks: TargetNetworks,
  taken: TargetWeights,
  settings: LearningSettings,
): Promise<TargetLearning> {
  const tower =
    networks.tower && (await openTower(networks.tower, taken.tensors, settings.openSession));
  const text = await openKind('text', networks, taken, settings, tower);
  const visual = tower && (await openKind('visual', networks, taken, settings, tower));
  const of = (kind: Kind): Networks => (kind === 'visual' ? visual : text) as Networks;
  const given = weightFeeds(taken);
  return {
    learnsFromText: text.learning !== undefined,
    decoderBytes: (kind, sizes) =>
      (of(kind).learning?.bytes(sizes) ?? 0) + of(kind).judging.bytes(sizes),
    towerBytes: (picture, count) => tower?.bytes(picture, count) ?? 0,
    runsOf: ({ groups }) =>
      groups.flatMap((group) => {
        const { learning } = of(group.kind);
        return learning === undefined ? [] : [groupRun(group, learning, tower)];
      }),
    async judge({ groups }) {
      let loss = 0;
      for (const { kind, feeds, pictures } of groups) {
        const visual = await tower?.embed(tower.feedsOf(pictures), { given });
        const all = { ...feeds, ...(visual?.length && { visual: joinRows(visual) }) };
        const { data } = await runForward({ segment: of(kind).judging }, { given }, all);
        loss += data[0] as number;
      }
      return loss;
    },
    async dispose() {
      const opened = [text, visual];
      await Promise.all([
        tower?.dispose(),
        ...opened.map((each) => each?.learning?.dispose()),
        ...opened.map((each) => each?.judging.session.dispose()),
      ]);
    },
  };
}

async function openKind(
  kind: Kind,
  networks: TargetNetworks,
  { tensors, adapters }: TargetWeights,
  { adapters: adapterSettings, recompute, openSession, read }: LearningSettings,
  tower: TowerLearning | undefined,
): Promise<Networks> {
  const { decoder } = networks;
  const weights = networks.weights(tensors);
  const towerLearns = kind === 'visual' && (tower?.learned ?? []).length > 0;
  const apart = kind === 'visual' && decoder.mropeSection !== undefined;
  const settings: DecoderSettings = {
    ...{ decoder, weights, adapters, adapterSettings, openSession },
    kind: { visual: kind === 'visual', apart, towerLearns },
  };
  const loss = buildTargetLoss(decoder, weights, settings.kind, (graph) =>
    adapt(graph, adapters, adapterSettings),
  );
  const judging = await openForward(loss, openSession);
  const teaches = towerLearns || adapters.length > 0 || decoderTensors(weights).some(isInMemory);
  if (!teaches) return { judging, learning: undefined };
  const learning = recompute
    ? await openRecomputed({ ...settings, networks, tensors, read })
    : await openWhole(settings);
  return { judging, learning };
}

/** Forward through the tower and the decoder, and back through both. */
function groupRun(
  { feeds, pictures }: TargetGroup,
  learning: DecoderLearning,
  tower: TowerLearning | undefined,
): StepRun {
  return {
    learned: [...learning.learned, ...(pictures.length > 0 ? (tower?.learned ?? []) : [])],
    sums: ['loss'],
    async run(given) {
      const run: SegmentRun = { given, results: {} };
      const seen = tower?.feedsOf(pictures) ?? [];
      const visual = (await tower?.embed(seen, run)) ?? [];
      const all = { ...feeds, ...(visual.length > 0 && { visual: joinRows(visual) }) };
      const above = await learning.run(all, run);
      if (above) await tower?.back(seen, splitRows(above, visual), run);
      return run.results;
    },
  };
}

/** What learns, by the names of its inputs; follows what is learned. */
function weightFeeds({ tensors, adapters }: TargetWeights): Feeds {
  const factors = adapters.flatMap(({ a, b }) => [a, b]);
  const held = [...tensors.values(), ...factors].filter(isInMemory);
  return Object.fromEntries(
    held.map(({ name, data, shape }) => [inputOf(name), floatTensor(data, shape)]),
  );
}
