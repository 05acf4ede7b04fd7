/** The registers of a virtio device behind PCI, as far as a driver's initialisation uses them (VIRTIO 1.2 part 4.1.4). */
import type { AccessBytes, RegisterValue } from '../registers/register-file.js';
import { DriverError, type RegisterBus } from './bus.js';

/** Offsets in the common configuration structure (virtio_pci_common_cfg) [B]. */
export const VIRTIO = {
  device_feature_select: 0,
  device_feature: 4,
  driver_feature_select: 8,
  driver_feature: 12,
  config_msix_vector: 16,
  num_queues: 18,
  device_status: 20,
  queue_select: 22,
  queue_size: 24,
  queue_msix_vector: 26,
  queue_enable: 28,
  queue_notify_off: 30,
  queue_desc: 32,
  queue_driver: 40,
  queue_device: 48,
} as const;

/** Bits of device_status. */
export const VIRTIO_STATUS = { acknowledge: 1, driver: 2, driver_ok: 4, features_ok: 8 } as const;

/** Feature bit 32: a device of version 1. */
export const VIRTIO_F_VERSION_1 = 1;

const REGISTER_BYTES = 56;

/** One ring. What the driver wrote is kept; a status is only taken in the order of the specification (3.1.1). */
export class VirtioTransport implements RegisterBus {
  private readonly bytes = new DataView(new ArrayBuffer(REGISTER_BYTES));

  /** @param entries most entries of the ring */
  constructor(entries: number) {
    this.bytes.setUint16(VIRTIO.num_queues, 1, true);
    this.bytes.setUint16(VIRTIO.queue_size, entries, true);
  }

  /** Whether the driver has set it up. */
  get ready(): boolean {
    const { driver_ok } = VIRTIO_STATUS;
    return (this.bytes.getUint8(VIRTIO.device_status) & driver_ok) !== 0;
  }

  read(offset: number, bytes: AccessBytes): RegisterValue {
    if (offset === VIRTIO.device_feature) {
      const high = this.bytes.getUint32(VIRTIO.device_feature_select, true) === 1;
      return [high ? VIRTIO_F_VERSION_1 : 0, 0];
    }
    let value = 0;
    for (let i = Math.min(bytes, 4) - 1; i >= 0; i--) value = value * 256 + this.bytes.getUint8(offset + i);
    return [value, 0];
  }

  write(offset: number, bytes: AccessBytes, value: RegisterValue): void {
    if (offset === VIRTIO.device_status) this.refuseDisorder(value[0]);
    for (let i = 0; i < Math.min(bytes, 4); i++) {
      this.bytes.setUint8(offset + i, (value[0] >>> (8 * i)) & 0xff);
    }
  }

  private refuseDisorder(status: number): void {
    const { features_ok, driver_ok } = VIRTIO_STATUS;
    const accepted = this.bytes.getUint32(VIRTIO.driver_feature, true);
    if ((status & features_ok) !== 0 && accepted !== VIRTIO_F_VERSION_1) {
      throw new DriverError('the virtio driver did not accept VIRTIO_F_VERSION_1');
    }
    const enabled = this.bytes.getUint16(VIRTIO.queue_enable, true) === 1;
    if ((status & driver_ok) !== 0 && !enabled) throw new DriverError('the virtio ring is not enabled');
  }

  readConfiguration(): number {
    return 0;
  }

  writeConfiguration(): void {}

  waitInterrupt(): void {
    throw new DriverError('a virtio device answers without an interrupt');
  }
}
