import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../contracts/errors.ts';
import { probeApart, type Tried } from './probe-apart.ts';

const refusal = (tried: Partial<Tried>): Promise<unknown> =>
  probeApart('webgpu', async () => ({ stdout: '', stderr: '', signal: null, ...tried })).then(
    () => 'works',
    (error: unknown) => error,
  );

it('a device that works in another process may be used in this one', async () => {
  await expect(probeApart('cpu')).resolves.toBeUndefined();
});

describe('a device is refused with what is against it:', () => {
  it.each<[string, Partial<Tried>, RegExp]>([
    [
      'what the try says',
      { stdout: '{"reason":"no GPU was found."}', stderr: 'Warning: of a driver' },
      /can't be used: no GPU was found\. Use option device cpu\.$/,
    ],
    [
      'that Vulkan is not installed',
      {
        stdout: '{"reason":"no GPU was found."}',
        stderr: "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file",
      },
      /Vulkan is not installed \(libvulkan\.so\.1\); .* install .*libvulkan1/,
    ],
    ['that its driver crashed', { signal: 'SIGSEGV' }, /was ended by SIGSEGV; update the driver/],
    ['that it said nothing', { stdout: 'half' }, /ended without an answer/],
  ])('%s', async (_, tried, words) => {
    const error = await refusal(tried);
    expect(error).toBeInstanceOf(DeviceError);
    expect((error as DeviceError).code).toBe('device_unavailable');
    expect((error as DeviceError).message).toMatch(words);
    expect((error as DeviceError).message).not.toMatch(/Warning/);
  });
});
