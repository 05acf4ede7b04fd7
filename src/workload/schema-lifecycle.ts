/** The schema of `lifecycle`: what happens to instances after the measured phase, and faults on purpose. */
import { z } from 'zod';
import { ACTION_SENTENCES, ACTIONS } from '../models/lifecycle/events.js';
import { count, quantity } from './fields.js';

const EXPLAINED = ACTIONS.map((action) => `${action}: ${ACTION_SENTENCES[action]}`).join(' ');

const lifecycleEventSchema = z
  .strictObject({
    do: z.enum(ACTIONS).meta({ description: EXPLAINED }),
    at: quantity(
      'time',
      'Earliest time from the start of the load. Default: as soon as the event before is over, or the measured phase.',
    ).optional(),
    tenant: z.string().optional().meta({ description: 'Whose instance. Default: the first tenant.' }),
    instance: count(0, 4095, 'Which instance of the tenant.').default(0),
    for: quantity('time', 'How long disable-wq leaves the queue disabled. Default: 1ms.').optional(),
    fails: z
      .literal('destination')
      .optional()
      .meta({ description: 'Where a migration fails: the destination refuses the state.' }),
  })
  .meta({ description: 'One event, or fault on purpose.' });

/** Events in their order. */
export const lifecycleSchema = z.array(lifecycleEventSchema).min(1).meta({
  description:
    'What happens after the measured phase, in this order, one event when the one before is over. Each has metrics of its own.',
});

/** One event as it is written. */
export type LifecycleEventDocument = z.output<typeof lifecycleEventSchema>;
