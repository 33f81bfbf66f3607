import type { Picture } from './conversation.ts';

/** The pictures among files that were dropped, pasted or chosen, and why others can't be taken. */
export async function readPictures(
  files: Iterable<File>,
  most: number,
): Promise<{ readonly pictures: readonly Picture[]; readonly refused: readonly string[] }> {
  const all = [...files];
  const fits = (file: File) => file.type.startsWith('image/') && file.size <= most;
  return {
    pictures: await Promise.all(
      all.filter(fits).map(async (file) => ({ name: file.name, url: await dataUrl(file) })),
    ),
    refused: all.filter((file) => !fits(file)).map((file) => reason(file, most)),
  };
}

const reason = ({ name, type }: File, most: number): string =>
  type.startsWith('image/')
    ? `${name} is larger than the ${Math.floor(most / 2 ** 20)} MiB that the server takes.`
    : `${name} is not a picture.`;

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
