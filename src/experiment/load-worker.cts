/**
 * What piscina loads into each thread: the way to the worker itself, whose file is the thread's `workerData`.
 *
 * Piscina requires the file that it is given, and Node 20 asserts that nothing ends a thread while it requires an ES module
 * (nodejs/node, `ModuleWrap::CreateRequiredModuleFacade`): an interrupt at the very start aborted the whole process. One
 * that is imported may be left at any moment.
 */
import threads = require('node:worker_threads');

const importWorker = async (): Promise<unknown> => {
  const worker: { default: unknown } = await import(threads.workerData as string);
  return worker.default;
};

export = importWorker();
