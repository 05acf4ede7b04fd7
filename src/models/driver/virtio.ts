/** A guest's virtio driver: from reset to a ring that runs (VIRTIO 1.2 parts 3.1.1 and 4.1.5). */
import { type Driver, DriverError, reading, writing } from './bus.js';
import { VIRTIO, VIRTIO_F_VERSION_1, VIRTIO_STATUS } from './virtio-transport.js';

/** Addresses of descriptor table, driver area and device area: any that are aligned will do [B]. */
const AREAS = [
  [VIRTIO.queue_desc, 0x1000],
  [VIRTIO.queue_driver, 0x2000],
  [VIRTIO.queue_device, 0x3000],
] as const;

/** Status, features, vectors and one ring. @throws DriverError if the device offers no ring or no version 1 */
export function* startVirtio(): Driver {
  const { acknowledge, driver, features_ok, driver_ok } = VIRTIO_STATUS;
  yield writing(VIRTIO.device_status, 1, 0);
  yield reading(VIRTIO.device_status, 1);
  yield writing(VIRTIO.device_status, 1, acknowledge);
  yield writing(VIRTIO.device_status, 1, acknowledge | driver);
  yield* acceptFeatures();
  yield writing(VIRTIO.device_status, 1, acknowledge | driver | features_ok);
  yield reading(VIRTIO.device_status, 1);
  yield writing(VIRTIO.config_msix_vector, 2, 0);
  yield reading(VIRTIO.config_msix_vector, 2);
  const [rings] = yield reading(VIRTIO.num_queues, 2);
  if (rings === 0) throw new DriverError('the virtio device has no ring');
  yield writing(VIRTIO.queue_select, 2, 0);
  yield reading(VIRTIO.queue_size, 2);
  yield reading(VIRTIO.queue_notify_off, 2);
  for (const [offset, address] of AREAS) {
    yield writing(offset, 4, address);
    yield writing(offset + 4, 4, 0);
  }
  yield writing(VIRTIO.queue_msix_vector, 2, 1);
  yield reading(VIRTIO.queue_msix_vector, 2);
  yield writing(VIRTIO.queue_enable, 2, 1);
  yield writing(VIRTIO.device_status, 1, acknowledge | driver | features_ok | driver_ok);
}

function* acceptFeatures(): Driver {
  for (const half of [0, 1]) {
    yield writing(VIRTIO.device_feature_select, 4, half);
    const [offered] = yield reading(VIRTIO.device_feature, 4);
    if (half === 1 && offered !== VIRTIO_F_VERSION_1)
      throw new DriverError('not a virtio device of version 1');
    yield writing(VIRTIO.driver_feature_select, 4, half);
    yield writing(VIRTIO.driver_feature, 4, half === 1 ? VIRTIO_F_VERSION_1 : 0);
  }
}
