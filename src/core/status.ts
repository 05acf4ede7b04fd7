/**
 * Completion status codes, bits 5:0 of byte 0 of a completion record (DSA specification tables 5-6 and 5-7).
 * Keys are the kernel's DSA_COMP_ names in snake case; codes the kernel does not name carry the specification's words.
 */
export const STATUS = {
  success: 0x01,
  success_pred: 0x02,
  page_fault_nobof: 0x03,
  page_fault_ir: 0x04,
  batch_fail: 0x05,
  batch_page_fault: 0x06,
  dr_offset_noinc: 0x07,
  dr_offset_erange: 0x08,
  dif_err: 0x09,
  bad_opcode: 0x10,
  invalid_flags: 0x11,
  nozero_reserve: 0x12,
  xfer_erange: 0x13,
  desc_cnt_erange: 0x14,
  dr_erange: 0x15,
  overlap_buffers: 0x16,
  dcast_err: 0x17,
  desclist_align: 0x18,
  int_handle_inval: 0x19,
  cra_xlat: 0x1a,
  cra_align: 0x1b,
  addr_align: 0x1c,
  priv_bad: 0x1d,
  traffic_class_conf: 0x1e,
  pfault_rdba: 0x1f,
  hw_err1: 0x20,
  hw_err_drb: 0x21,
  translation_fail: 0x22,
  drain_evl: 0x26,
  batch_evl_err: 0x27,
  inter_domain_no_pasid: 0x28,
  idpt_entry_invalid: 0x29,
  inter_domain_permission: 0x2a,
  inter_domain_window_range: 0x2b,
  update_window_entry_invalid: 0x2c,
  update_window_control: 0x2d,
  inter_domain_inaccessible: 0x2e,
  /** SWERROR only: a configuration register of the function changed while the device was enabled. */
  pci_config: 0x51,
  /** SWERROR only: CMD was written while a command was active. */
  command_register: 0x52,
  /** SWERROR only: a dedicated work queue had no room. */
  work_queue_overflow: 0x53,
  /** SWERROR only: the event log was full and the entry is lost. */
  event_log_append: 0x54,
  /** Software only: Linux writes it into the record of an aborted descriptor (IDXD_COMP_DESC_ABORT). */
  desc_abort: 0xff,
} as const;

/** A name of the status table. */
export type StatusName = keyof typeof STATUS;

/** Bit 7 of the status byte: the faulting access was a write (only with codes 03, 04, 06, 1a and 1f). */
export const STATUS_WRITE_FAULT = 0x80;

interface StatusText {
  readonly name: StatusName;
  readonly sentence: string;
}

const SENTENCES: Readonly<Record<StatusName, string>> = {
  success: 'The operation completed.',
  success_pred: 'The operation completed and its result is not the one that Check Result expected.',
  page_fault_nobof: 'A page fault stopped the operation part-way; block on fault was off.',
  page_fault_ir: 'A page fault stopped the operation part-way; the page request was answered as invalid.',
  batch_fail: 'At least one member of the batch did not end in success.',
  batch_page_fault: 'A page fault on the descriptor list stopped the batch part-way.',
  dr_offset_noinc: 'The offsets of a delta record do not ascend.',
  dr_offset_erange: 'An offset of a delta record lies beyond the transfer size.',
  dif_err: 'A data integrity field does not match its block.',
  bad_opcode: 'The operation does not exist here, is masked by the work queue, or is illegal in a batch.',
  invalid_flags: 'A flag is reserved, unsupported or missing.',
  nozero_reserve: 'A reserved field is not zero.',
  xfer_erange: 'The transfer size is zero, beyond the limit, or does not suit the operation.',
  desc_cnt_erange: 'The descriptor count of the batch is out of range.',
  dr_erange: 'The size of the delta record is out of range.',
  overlap_buffers: 'A destination overlaps a source or another destination.',
  dcast_err: 'The low 12 bits of the two dualcast destinations differ.',
  desclist_align: 'The descriptor list is not aligned to 64 bytes.',
  int_handle_inval: 'The interrupt handle is invalid, revoked or belongs to another PASID.',
  cra_xlat: 'The completion record address could not be translated.',
  cra_align: 'The completion record address is not aligned to 32 bytes.',
  addr_align: 'An address, a size or a stride does not have the alignment that the operation needs.',
  priv_bad: 'A privileged descriptor reached a shared work queue while privileged mode is off.',
  traffic_class_conf: 'The traffic class selectors contradict each other.',
  pfault_rdba: 'A readback address of a drain could not be translated.',
  hw_err1: 'A read was answered with an error.',
  hw_err_drb: 'A destination readback was answered with an error.',
  translation_fail: 'An address translation failed.',
  drain_evl: 'A drain completed; its record went to the event log.',
  batch_evl_err: 'A batch completed after a member logged an error to the event log.',
  inter_domain_no_pasid: 'An inter-domain operation reached a work queue without a PASID.',
  idpt_entry_invalid:
    'The inter-domain permission table entry does not exist or is not usable by this submitter.',
  inter_domain_permission: 'The inter-domain permission table entry does not grant this access.',
  inter_domain_window_range: 'An inter-domain access lies outside the window.',
  update_window_entry_invalid: 'Update Window names an entry that it may not change.',
  update_window_control: 'Update Window carries impossible window controls.',
  inter_domain_inaccessible: 'The address space of an inter-domain operand is not accessible.',
  pci_config: 'The PCI configuration changed while the device was enabled.',
  command_register: 'A command was written while another was active.',
  work_queue_overflow: 'A descriptor reached a dedicated work queue without room.',
  event_log_append: 'The event log was full and an entry was lost.',
  desc_abort: 'Software marked the descriptor as aborted.',
};

const BY_CODE: ReadonlyMap<number, StatusText> = new Map(
  (Object.keys(STATUS) as StatusName[]).map((name) => [STATUS[name], { name, sentence: SENTENCES[name] }]),
);

/** The name of a status code without its write bit, or `status_0x…` for a code the table does not have. */
export function statusName(code: number): string {
  return BY_CODE.get(code)?.name ?? `status_0x${code.toString(16).padStart(2, '0')}`;
}

/** One sentence saying what a status code means. */
export function statusSentence(code: number): string {
  return BY_CODE.get(code)?.sentence ?? 'The specification does not define this status.';
}

/** Whether an operation ended part-way at a page fault, so that software can go on behind it. @param code without its write bit */
export function endedAtFault(code: number): boolean {
  return code === STATUS.page_fault_nobof || code === STATUS.page_fault_ir;
}
