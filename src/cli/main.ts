#!/usr/bin/env node
import { main } from './program.js';
import { setV8Options } from './v8.js';

setV8Options();
process.exitCode = await main(process.argv.slice(2));
