import type { StepRecord } from '../run/records.ts';
import { countWord } from './report-numbers.ts';
import type { SectionPlan } from './section-plan.ts';
import { lineSentence, pointSentence, smoothedSeries, stepPoints } from './step-series.ts';

/** What the training batches tell: losses, the curriculum, the optimiser and the speed. */
export function stepSections(steps: readonly StepRecord[]): SectionPlan[] {
  return [
    lossSection(steps),
    curriculumSection(steps),
    optimiserSection(steps),
    speedSection(steps),
  ];
}

/** A target learns from tokens alone: its token loss is its loss. */
function lossSection(steps: readonly StepRecord[]): SectionPlan {
  const odd = steps.filter(({ loss }) => !Number.isFinite(loss)).length;
  const left = odd === 0 ? '' : ` Steps whose loss is no number are left out: ${countWord(odd)}.`;
  const feature = smoothedSeries('feature loss', steps, ({ featureLoss }) => featureLoss);
  const token = smoothedSeries('token loss', steps, ({ tokenLoss }) => tokenLoss);
  const variation = smoothedSeries('total variation', steps, (step) => step.variation);
  const confidence = smoothedSeries('confidence loss', steps, (step) => step.confidenceLoss);
  const own = [...feature, ...variation, ...confidence];
  const parts = own.length > 0 ? [...own, ...token] : [];
  const figure = {
    title: 'Training losses over steps',
    yTitle: 'Loss per reply token',
    yScale: 'log' as const,
    series: [...smoothedSeries('loss', steps, ({ loss }) => loss), ...parts],
    caption: `What training minimises${parts.length > 0 ? ' and its parts' : ''}, on a logarithmic scale.${lineSentence(steps.length)}${left}`,
  };
  return { title: 'Training losses', figures: [figure] };
}

function curriculumSection(steps: readonly StepRecord[]): SectionPlan {
  const figure = {
    title: 'Share of multimodal dialogues over steps',
    yTitle: 'Share of the dialogues',
    yFormat: '~%',
    yReaches: [0, 1],
    series: [
      ...smoothedSeries('in the batches', steps, (step) => step.multimodalShare),
      {
        name: 'scheduled',
        points: stepPoints(steps, (step) => step.scheduledShare),
        dashed: true,
      },
    ],
    caption: `Dialogues with pictures: what the schedule asks for, and what the batches hold.${lineSentence(steps.length)}`,
  };
  return { title: 'Share schedule', figures: [figure] };
}

function optimiserSection(steps: readonly StepRecord[]): SectionPlan {
  const rate = {
    title: 'Learning rate over steps',
    yTitle: 'Learning rate',
    yFormat: '~e',
    yReaches: [0],
    series: [{ name: 'learning rate', points: stepPoints(steps, (step) => step.learningRate) }],
    caption: `The learning rate over the run.${pointSentence(steps.length)}`,
  };
  const norm = {
    title: 'Gradient norm over steps',
    yTitle: 'Global norm',
    yScale: 'log' as const,
    series: smoothedSeries('gradient norm', steps, ({ gradNorm }) => gradNorm),
    caption: `The gradient's global norm before clipping, on a logarithmic scale.${lineSentence(steps.length)}`,
  };
  return { title: 'Optimiser', figures: [rate, norm] };
}

function speedSection(steps: readonly StepRecord[]): SectionPlan {
  const figure = {
    title: 'Training speed over steps',
    yTitle: 'Tokens per second',
    yFormat: '~s',
    yReaches: [0],
    series: [
      ...smoothedSeries('rows read', steps, ({ rows, seconds }) => rows / seconds),
      ...smoothedSeries('reply tokens', steps, (step) => step.replyTokens / step.seconds),
    ],
    caption: `Rows that the network reads, without padding, and the reply tokens among them that it learns from.${lineSentence(steps.length)}`,
  };
  return { title: 'Speed', figures: [figure] };
}
