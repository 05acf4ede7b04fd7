/** What coordinator and workers say to each other through a queue of BullMQ. */
import { createHash } from 'node:crypto';
import type { MachineConfig } from '../../models/config.js';
import { modelDigest } from '../journal/model-digest.js';
import type { WorkerTask } from '../worker.js';

/** A task as it lies in Redis: what its configurations share stands in it once. */
export interface TaskMessage {
  parameters: MachineConfig['parameters'][];
  designs: MachineConfig['design'][];
  configs: (Omit<MachineConfig, 'parameters' | 'design'> & { parameters: number; design: number })[];
  runs: WorkerTask['runs'];
}

/** The queue of this model. A worker of another build serves another queue and is never asked. */
export function queueName(): string {
  return `dsasim-${modelDigest()}`;
}

/** What jobs are called in the queue. */
export const JOB = 'simulate';

/** A task ready for the queue, and its name: equal work has equal names, whoever asks for it. */
export function packed(task: WorkerTask): { id: string; message: TaskMessage } {
  const parameters: TaskMessage['parameters'] = [];
  const designs: TaskMessage['designs'] = [];
  const place = <T>(list: T[], item: T): number => {
    const known = list.indexOf(item);
    return known >= 0 ? known : list.push(item) - 1;
  };
  const configs = task.configs.map((config) => ({
    ...config,
    parameters: place(parameters, config.parameters),
    design: place(designs, config.design),
  }));
  const message: TaskMessage = { parameters, designs, configs, runs: task.runs };
  const id = createHash('sha256')
    .update(JSON.stringify([modelDigest(), message]))
    .digest('base64url');
  return { id, message };
}

/** The task of a message. */
export function unpacked({ parameters, designs, configs, runs }: TaskMessage): WorkerTask {
  return {
    configs: configs.map((config) => ({
      ...config,
      parameters: parameters[config.parameters]!,
      design: designs[config.design]!,
    })),
    runs,
  };
}
