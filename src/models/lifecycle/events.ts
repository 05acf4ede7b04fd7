/** What can happen to an instance after its steady phase: the actions, and one entry of a workload's `lifecycle`. */

/** What each action does, in a sentence. */
export const ACTION_SENTENCES = {
  drain: 'Waits until everything that the instance had submitted has completed; it goes on meanwhile.',
  suspend: 'Stops the instance and its device: a container drains, a guest has its state saved too.',
  resume: 'The counterpart of suspend.',
  migrate: 'Moves the instance to another host while it runs, as far as its design can.',
  'reset-wq': 'Whoever drives the work queue resets it with work in flight, and enables it again.',
  'reset-device': 'Whoever drives the device resets it with work in flight, and sets it up again.',
  'function-level-reset': 'The function is reset through its configuration space, and set up again.',
  remove: 'The device is taken away from the instance with work in flight, in an orderly way.',
  'revoke-handles':
    'The interrupt handle of the instance is revoked under load; its driver asks for another.',
  'disable-wq': 'An administrator disables the work queue under load, and enables it again after `for`.',
  halt: 'The device stops with a hardware error and needs a function-level reset.',
  kill: 'The instance dies, whatever it was doing; the host takes its device back.',
  'replace-vmm':
    'A newer VMM takes the guest over, with its memory at other addresses, while the device runs.',
} as const;

/** The name of an action. */
export type LifecycleAction = keyof typeof ACTION_SENTENCES;

/** The names of all actions. */
export const ACTIONS = Object.keys(ACTION_SENTENCES) as readonly LifecycleAction[];

/** One entry, resolved. Entries happen in order, each when the one before is over. */
export interface LifecycleEvent {
  action: LifecycleAction;
  /** Earliest time from the start of the load [ps]; null as soon as the one before is over. */
  atPs: number | null;
  tenant: number;
  /** Number of the instance in its tenant. */
  instance: number;
  /** How long a disabled queue stays so [ps]. */
  forPs: number;
  /** Whether the destination of a migration refuses the state that it is sent. */
  fails: boolean;
}

/** How an event ended. */
export type Outcome =
  | { readonly outcome: 'done'; readonly reason: '' }
  /** The design cannot do it, and nothing was done. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It was tried, and undone. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** It was done. */
export const DONE: Outcome = { outcome: 'done', reason: '' };

/** It cannot be done. */
export const refused = (reason: string): Outcome => ({ outcome: 'refused', reason });
