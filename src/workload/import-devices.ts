/** Puts the devices of accel-config files in the place of `accel_config:` entries, and copies in that of `count:`. */
import { type ImportedDevice, readAccelConfig } from './accel-config.js';
import { copiedQueues, copies, copyOf, spreadTenants } from './device-copies.js';
import type { Diagnostic } from './diagnostics.js';
import type { Files } from './files.js';
import { isMap, valueAt } from './path.js';
import { under, type View } from './view.js';

/** Reads accel-config files, each once. */
export class DeviceImporter {
  private readonly read = new Map<string, ImportedDevice[] | null>();
  /** Whether some file could not be used. */
  failed = false;

  constructor(
    private readonly files: Files,
    private readonly into: Diagnostic[],
  ) {}

  /**
   * A view in which every device is written out. A file may hold several devices, so those after it move on; each
   * keeps its place in the source. An entry whose file cannot be used stays as it is.
   */
  expand(view: View): View {
    const listed = valueAt(view.value, ['devices']);
    if (!Array.isArray(listed)) return view;
    if (!listed.some((entry) => isImport(entry) || copies(entry) > 1)) return view;
    const devices: unknown[] = [];
    let result = view;
    const place = (
      value: unknown,
      overlay: Pick<ImportedDevice, 'locator'>,
      origin: 'accel-config' | 'moved',
    ): void => {
      const path = ['devices', devices.length];
      devices.push(value);
      result = result.with(value, { path, origin, text: `devices[${path[1]}]`, locator: overlay.locator });
    };
    listed.forEach((entry, i) => {
      const imported = isImport(entry) ? this.file(entry.accel_config, i, view) : null;
      const locator = under(view, ['devices', i]);
      const count = copies(entry);
      if (count > 1)
        for (let copy = 0; copy < count; copy++) place(copyOf(entry, copy), { locator }, 'moved');
      else if (imported !== null) for (const device of imported) place(device.value, device, 'accel-config');
      else if (devices.length === i) devices.push(entry);
      else place(entry, { locator }, 'moved');
    });
    const written = result.replacing({ ...(view.value as object), devices });
    return spreadTenants(written, copiedQueues(listed));
  }

  private file(path: string, index: number, view: View): ImportedDevice[] | null {
    const span = view.locate(['devices', index, 'accel_config']);
    let devices = this.read.get(path);
    if (devices === undefined) {
      const before = this.into.length;
      const source = this.files.named(path, span, this.into);
      const read = source === null ? [] : readAccelConfig(source, this.into);
      const broken = this.into.slice(before).some((d) => d.severity === 'error');
      devices = broken ? null : read;
      this.failed ||= broken;
      this.read.set(path, devices);
    }
    return devices;
  }
}

/** An entry that is nothing but a file; one that also has groups is for the checks to refuse. */
function isImport(entry: unknown): entry is { accel_config: string } {
  return isMap(entry) && typeof entry.accel_config === 'string' && Object.keys(entry).length === 1;
}
