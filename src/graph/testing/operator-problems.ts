import type { Value } from '../graph.ts';
import { elementwiseProblems } from './elementwise-problems.ts';
import { layoutProblems } from './layout-problems.ts';
import { matrixProblems } from './matrix-problems.ts';
import type { Draw } from './posed.ts';
import { reduceProblems } from './reduce-problems.ts';

/** Values that an operator makes of random inputs. */
export type Pose = (draw: Draw) => Value | readonly Value[];

/** Problems of operators, each by what is particular about it. */
export type Problems = Readonly<Record<string, Readonly<Record<string, Pose>>>>;

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
