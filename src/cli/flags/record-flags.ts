import type { Command, OptionValues } from '@commander-js/extra-typings';

/** Adds the flags about records that are broken, or whose pictures lie elsewhere. */
export function recordFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .option(
      '--image-root <dir>',
      'where pictures are that are not beside their data file (data.imageRoot)',
    )
    .option('--skip-bad', 'leave out records that are broken (data.skipBad=true)');
}

/** The same as settings. */
export function recordOverrides({
  imageRoot,
  skipBad,
}: {
  imageRoot?: string | undefined;
  skipBad?: true | undefined;
}): string[] {
  return [
    ...(imageRoot === undefined ? [] : [`data.imageRoot=${JSON.stringify(imageRoot)}`]),
    ...(skipBad ? ['data.skipBad=true'] : []),
  ];
}
