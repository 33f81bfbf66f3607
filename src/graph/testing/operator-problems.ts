import { elementwiseProblems } from './elementwise-problems.ts';
import { layoutProblems } from './layout-problems.ts';
import { matrixProblems } from './matrix-problems.ts';
import type { Pose, Problems } from './posed.ts';
import { reduceProblems } from './reduce-problems.ts';

/** Problems that can be differentiated, by the operator's ONNX name. */
export const OPERATOR_PROBLEMS: Problems = {
  ...elementwiseProblems,
  ...layoutProblems,
  ...matrixProblems,
  ...reduceProblems,
};

/** One line for each problem: operator, particularity, pose. */
export const listProblems = (problems: Problems): [op: string, what: string, pose: Pose][] =>
  Object.entries(problems).flatMap(([op, poses]) =>
    Object.entries(poses).map(([what, pose]): [string, string, Pose] => [op, what, pose]),
  );
