#!/usr/bin/env node
import { setV8Options } from '../experiment/v8.js';
import { main } from './program.js';

setV8Options();
process.exitCode = await main(process.argv.slice(2));
