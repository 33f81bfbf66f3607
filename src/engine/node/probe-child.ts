/** A process of its own that tries a device and prints what is against it, as JSON: nothing where it works. */
import { DeviceError } from '../../contracts/errors.ts';
import type { Device } from '../../contracts/load.ts';
import { probeDevice } from '../../runtime/device.ts';

const reason = await probeDevice(process.argv[2] as Device).then(
  () => undefined,
  (error: unknown) => (error instanceof DeviceError ? error.reason : String(error)),
);
process.stdout.write(JSON.stringify({ reason }));
