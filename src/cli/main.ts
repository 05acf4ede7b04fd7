#!/usr/bin/env node
import { inlineMore } from '../experiment/inlining.js';
import { main } from './program.js';

inlineMore();
process.exitCode = await main(process.argv.slice(2));
