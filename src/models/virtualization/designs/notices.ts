/** What a reader must know of several designs. */

export const PORTAL_ERRATUM =
  'On Sapphire and Emerald Rapids mapping a portal needs CAP_SYS_RAWIO (CVE-2024-21823, Linux 6.10).';
export const DENYLIST =
  'vfio-pci refuses the DSA function of Sapphire and Emerald Rapids unless its denylist is disabled (CVE-2024-21823).';
export const ATTACH =
  'Needs the work queue attached to a table of guest-physical addresses, which the character device cannot do today.';
export const NEVER_MERGED =
  'Posted to the lists from 2020 to 2021 (v1 to v6), never merged; its interrupt store was removed in 2024.';
