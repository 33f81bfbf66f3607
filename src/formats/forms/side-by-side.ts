import type { ConvertedForm, WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';

/**
 * The form of matrices that were converted as one product: these, no other, in this order.
 * @throws GraphError where they were not
 */
export function sideBySide(matrices: readonly WeightRef[]): ConvertedForm {
  const form = matrices[0]?.form;
  let outputs = 0;
  const inOrder = matrices.every((matrix) => {
    const fits = matrix.form?.parts === form?.parts && matrix.form?.first === outputs;
    outputs += matrix.shape[0] as number;
    return fits;
  });
  if (form !== undefined && inOrder && form.outputs === outputs) return form;
  const names = matrices.map(({ name }) => name).join(', ');
  throw new GraphError(`${names} do not lie side by side; convert them for this product.`);
}
