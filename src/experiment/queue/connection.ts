/** The way to Redis. BullMQ is loaded only here, and only when a queue is asked for: it is an optional peer. */
import { QueueError } from '../errors.js';

/** Time until a Redis that does not answer counts as absent at the start [ms]. */
const PATIENCE = 10_000;
/** Longest pause between two attempts to reach a Redis that went away [ms]. */
const RETRY_EVERY = 1000;

/** What this program uses of BullMQ's module. */
export type BullMq = typeof import('bullmq');

/**
 * Loads BullMQ.
 * @throws QueueError when it is not installed
 */
export async function loadBullMq(): Promise<BullMq> {
  try {
    return await import('bullmq');
  } catch (cause) {
    throw new QueueError('bullmq is not installed', 'npm install bullmq ioredis', { cause });
  }
}

/**
 * Options of every connection: a Redis that goes away is waited for.
 * @param ended tells when nobody waits any more, so that the process can end
 */
export function connectionTo(url: string, ended: () => boolean) {
  return {
    url,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (ended() ? null : Math.min(50 * times, RETRY_EVERY)),
  };
}

/** A URL without its password, for messages. */
export function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/**
 * Waits for a first connection.
 * @throws QueueError when Redis does not answer
 */
export async function reached(ready: Promise<unknown>, url: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new QueueError(`no Redis answers at ${shown(url)}`, 'start one, or name another --queue'));
    }, PATIENCE);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}
