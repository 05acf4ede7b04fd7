/**
 * Properties draw the same cases every time, so that a change is judged by what it changed. `DSASIM_PROPERTY_SEED=n`
 * draws others; a property that names its own seed keeps it.
 */
import fc from 'fast-check';

const DEFAULT_SEED = 20_281;

fc.configureGlobal({ seed: Number(process.env.DSASIM_PROPERTY_SEED ?? DEFAULT_SEED) });
