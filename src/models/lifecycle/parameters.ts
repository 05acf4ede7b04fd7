/** Constants of suspending, moving and resetting: what the accesses of drivers and the work of devices do not say. */
import { gigabytesPerSecond, ms, ns, type ParameterDeclaration, us } from '../parameter.js';

export const LIFECYCLE_PARAMETERS = [
  {
    name: 'lifecycle.vcpu_pause',
    dimension: 'time',
    low: us(2),
    nominal: us(10),
    high: us(100),
    sentence:
      'Time until all virtual CPUs of a guest have left it after its VMM asked, and the same to run again.',
    source: 'no published figure; an exit to the VMM (costs X01 and X03) and the wake-up of a thread (I06)',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.vmm_start',
    dimension: 'time',
    low: ms(5),
    nominal: ms(50),
    high: ms(500),
    sentence:
      'Time from the exec of a newer VMM until it has taken over the guest, its state and its devices.',
    source: 'no published figure',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.freeze',
    dimension: 'time',
    low: us(5),
    nominal: us(50),
    high: ms(1),
    sentence:
      'Time until the processes of a container stand still after it was frozen, and the same to thaw it.',
    source: 'no published figure',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.device_state',
    dimension: 'time',
    low: ms(2.5),
    nominal: ms(15),
    high: ms(50),
    sentence: 'Time the VMM takes to save or to load the state of one device, beside sending its bytes.',
    source: 'costs L07 and L08: outliers of 100 ms, an operator wants 50 ms for all; half of each way',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.bandwidth',
    dimension: 'bandwidth',
    low: gigabytesPerSecond(1.25),
    nominal: gigabytesPerSecond(12.5),
    high: gigabytesPerSecond(50),
    sentence: 'Bandwidth of the link over which memory and state of a guest move.',
    source: 'an Ethernet of 100 Gbit/s; 10 to 400 Gbit/s are in use',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.downtime_limit',
    dimension: 'time',
    low: ms(1),
    nominal: ms(50),
    high: ms(300),
    sentence: 'Expected time for what is left at which the VMM stops copying beforehand and stops the guest.',
    source: 'cost L08: what an operator wants; the default of QEMU is 300 ms',
    trust: 'read',
  },
  {
    name: 'lifecycle.rounds',
    dimension: 'count',
    low: 2,
    nominal: 30,
    high: 100,
    sentence: 'Rounds after which copying beforehand is given up and the guest is stopped whatever is left.',
    source: 'no published figure; management software sets such a limit',
    trust: 'assumed',
  },
  {
    name: 'lifecycle.dirty_read',
    dimension: 'time',
    low: ns(0.2),
    nominal: ns(1),
    high: ns(10),
    sentence:
      'Time to read and clear the dirty bit of one page of the device, its share of the flush included.',
    source: 'no published figure; the bitmap has 32 MB for each TB (cost L10)',
    trust: 'assumed',
  },
] as const satisfies readonly ParameterDeclaration[];
