/** `dsasim exec --ndjson` from line to line, against what any program pays that reads and prints the same JSON. */
import { encodeDescriptor } from '../dist/core/encode-descriptor.js';
import { FLAG } from '../dist/core/flags.js';
import { OPCODE } from '../dist/core/operations.js';
import { runProgram } from '../dist/experiment/exec.js';
import { readProgram } from '../dist/workload/exec-program.js';
import { inTurns, ratio, repeated, summary } from './measure.mjs';

/** One copy of 64 bytes between two buffers, with its record. */
function line() {
  const image = new Uint8Array(64);
  const flags = FLAG.completion_record_address_valid | FLAG.request_completion_record;
  const fields = { opcode: OPCODE.memmove, flags, completionAddress: 0x3000 };
  encodeDescriptor({ ...fields, source: 0x1000, destination: 0x2000, size: 64 }, image, 0);
  return JSON.stringify({
    memory: [
      { address: '0x1000', hex: 'a5'.repeat(64) },
      { address: '0x2000', length: 64, byte: 0 },
      { address: '0x3000', length: 32, byte: 0 },
    ],
    descriptors: [Buffer.from(image).toString('hex')],
    dump: [
      { address: '0x2000', length: 64 },
      { address: '0x3000', length: 32 },
    ],
  });
}

/** Rows of the table. */
export async function benchExec({ rounds, seconds }) {
  const program = line();
  const answer = (text) => JSON.stringify(runProgram(readProgram(JSON.parse(text)).program));
  const result = answer(program);
  if (!result.includes('a5'.repeat(64))) throw new Error(`the program answered ${result}`);
  const subjects = {
    exec: repeated((times) => {
      for (let i = 0; i < times; i++) answer(program);
    }, seconds),
    json: repeated((times) => {
      for (let i = 0; i < times; i++) JSON.stringify([JSON.parse(program), JSON.parse(result)]);
    }, seconds),
  };
  const rates = await inTurns(subjects, rounds);
  return [
    {
      what: 'dsasim exec --ndjson, a program of one copy',
      against: 'time of reading and printing its JSON and its result',
      ratio: ratio(rates, 'json', 'exec'),
      nanoseconds: summary(rates.exec.map((rate) => 1e9 / rate)),
    },
  ];
}
