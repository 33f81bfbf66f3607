/**
 * The published run as overrides (Lyn-Lucy/MSD, main_deepspeed.py and ds_config.json): 40 epochs over the smaller kind,
 * 4 dialogues a step, a rate that rises over 2,000 steps and would reach 0 at 800,000, however long the run is.
 */
export const PAPER_SCHEDULE: readonly string[] = [
  'curriculum.epochs=40',
  'curriculum.textPart=0.5',
  'batch=4',
  'optimiser.rate=5e-5',
  'optimiser.schedule=linear',
  'optimiser.warmup=2000',
  'optimiser.decaySteps=800000',
];
