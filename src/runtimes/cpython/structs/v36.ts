// Made by scripts/structs.mjs from the headers of 3.6.15: do not edit.
/** CPython 3.6: sizes of its structs and offsets of their fields in bytes, all by its own names. */
export const V36 = {
  minor: 6,
  /** Include/object.h */
  PyObject: { sizeof: 16, ob_refcnt: 0, ob_type: 8 },
  /** Include/object.h */
  PyVarObject: { sizeof: 24, ob_size: 16 },
  /** Include/objimpl.h */
  PyGC_Head: { sizeof: 32, gc_next: 0, gc_prev: 8, gc_refs: 16 },
  /** Include/object.h */
  PyTypeObject: {
    sizeof: 400,
    tp_name: 24,
    tp_basicsize: 32,
    tp_itemsize: 40,
    tp_flags: 168,
    tp_weaklistoffset: 208,
    tp_base: 256,
    tp_dict: 264,
    tp_dictoffset: 288,
    tp_bases: 336,
    tp_mro: 344,
    tp_cache: 352,
    tp_subclasses: 360,
    tp_members: 240,
  },
  /** Include/object.h */
  PyHeapTypeObject: { sizeof: 864, ht_name: 832, ht_slots: 840, ht_qualname: 848, ht_cached_keys: 856 },
  /** Include/structmember.h */
  PyMemberDef: { sizeof: 40, name: 0, type: 8, offset: 16 },
  /** Include/descrobject.h */
  PyDescrObject: { sizeof: 40, d_type: 16, d_name: 24 },
  /** Include/descrobject.h */
  PyMemberDescrObject: { sizeof: 48, d_member: 40 },
  /** Include/longintrepr.h */
  PyLongObject: { sizeof: 32, ob_digit: 24 },
  /** Include/floatobject.h */
  PyFloatObject: { sizeof: 24, ob_fval: 16 },
  /** Include/complexobject.h */
  PyComplexObject: { sizeof: 32, real: 16, imag: 24 },
  /** Include/unicodeobject.h */
  PyASCIIObject: { sizeof: 48, length: 16, hash: 24, state: 32, wstr: 40 },
  /** Include/unicodeobject.h */
  PyCompactUnicodeObject: { sizeof: 72, utf8_length: 48, utf8: 56, wstr_length: 64 },
  /** Include/unicodeobject.h */
  PyUnicodeObject: { sizeof: 80, data: 72 },
  /** Include/bytesobject.h */
  PyBytesObject: { sizeof: 40, ob_sval: 32 },
  /** Include/bytearrayobject.h */
  PyByteArrayObject: { sizeof: 56, ob_alloc: 24, ob_bytes: 32, ob_start: 40 },
  /** Include/tupleobject.h */
  PyTupleObject: { sizeof: 32, ob_item: 24 },
  /** Include/listobject.h */
  PyListObject: { sizeof: 40, ob_item: 24, allocated: 32 },
  /** Include/setobject.h */
  PySetObject: { sizeof: 200, fill: 16, used: 24, mask: 32, table: 40, smalltable: 64 },
  /** Include/setobject.h */
  setentry: { sizeof: 16, key: 0, hash: 8 },
  /** Include/dictobject.h */
  PyDictObject: { sizeof: 48, ma_used: 16, ma_keys: 32, ma_values: 40 },
  /** by hand: Objects/dict-common.h */
  PyDictKeysObject: { sizeof: 40, dk_refcnt: 0, dk_size: 8, dk_usable: 24, dk_nentries: 32, dk_indices: 40 },
  /** by hand: Objects/dict-common.h */
  PyDictKeyEntry: { sizeof: 24, me_hash: 0, me_key: 8, me_value: 16 },
  /** by hand: Modules/_collectionsmodule.c */
  dequeobject: { sizeof: 72, leftblock: 24, rightblock: 32, leftindex: 40, rightindex: 48, maxlen: 64 },
  /** by hand: Modules/_collectionsmodule.c */
  block: { sizeof: 528, leftlink: 0, data: 8, rightlink: 520 },
  /** by hand: Objects/odictobject.c */
  PyODictObject: { sizeof: 112, od_first: 48, od_last: 56, od_fast_nodes: 64, od_fast_nodes_size: 72 },
  /** by hand: Objects/odictobject.c */
  _ODictNode: { sizeof: 32, key: 0, hash: 8, next: 16, prev: 24 },
  /** by hand: Modules/_collectionsmodule.c */
  defdictobject: { sizeof: 56, default_factory: 48 },
  /** by hand: Objects/moduleobject.c */
  PyModuleObject: { sizeof: 56, md_dict: 16, md_def: 24, md_state: 32, md_name: 48 },
  /** Include/moduleobject.h */
  PyModuleDef_Base: { sizeof: 40, m_copy: 32 },
  /** Include/moduleobject.h */
  PyModuleDef: { sizeof: 104, m_size: 56 },
  /** Include/funcobject.h */
  PyFunctionObject: {
    sizeof: 112,
    func_globals: 24,
    func_code: 16,
    func_defaults: 32,
    func_kwdefaults: 40,
    func_closure: 48,
    func_doc: 56,
    func_name: 64,
    func_dict: 72,
    func_module: 88,
    func_annotations: 96,
    func_qualname: 104,
  },
  /** Include/code.h */
  PyCodeObject: {
    sizeof: 144,
    co_argcount: 16,
    co_kwonlyargcount: 20,
    co_flags: 32,
    co_nlocals: 24,
    co_stacksize: 28,
    co_firstlineno: 36,
    co_code: 40,
    co_consts: 48,
    co_names: 56,
    co_varnames: 64,
    co_freevars: 72,
    co_cellvars: 80,
    co_cell2arg: 88,
    co_filename: 96,
    co_name: 104,
    co_lnotab: 112,
  },
  /** Include/frameobject.h */
  PyFrameObject: {
    sizeof: 384,
    f_back: 24,
    f_code: 32,
    f_builtins: 40,
    f_globals: 48,
    f_locals: 56,
    f_valuestack: 64,
    f_stacktop: 72,
    f_trace: 80,
    f_lasti: 120,
    f_localsplus: 376,
  },
  /** Include/genobject.h */
  PyGenObject: { sizeof: 64, gi_frame: 16, gi_running: 24, gi_code: 32, gi_name: 48, gi_qualname: 56 },
  /** Include/genobject.h */
  PyCoroObject: { sizeof: 64 },
  /** Include/pystate.h */
  PyThreadState: {
    sizeof: 2272,
    prev: 0,
    next: 8,
    interp: 16,
    frame: 24,
    thread_id: 152,
    curexc_type: 80,
    curexc_value: 88,
  },
  /** by hand: Modules/_threadmodule.c */
  lockobject: { sizeof: 24, lock_lock: 16 },
  /** by hand: Modules/_threadmodule.c */
  rlockobject: { sizeof: 40, rlock_lock: 16, rlock_owner: 24, rlock_count: 32 },
  /** Include/pyerrors.h */
  PyBaseExceptionObject: { sizeof: 64, dict: 16, args: 24, traceback: 32, context: 40, cause: 48 },
  /** Include/pyerrors.h */
  PyStopIterationObject: { sizeof: 72, value: 64 },
  /** Include/pyerrors.h */
  PyOSErrorObject: { sizeof: 104, myerrno: 64, strerror: 72, filename: 80, filename2: 88 },
  /** Include/classobject.h */
  PyMethodObject: { sizeof: 40, im_func: 16, im_self: 24 },
  /** Include/methodobject.h */
  PyCFunctionObject: { sizeof: 48, m_ml: 16, m_self: 24, m_module: 32 },
  /** Include/methodobject.h */
  PyMethodDef: { sizeof: 32, ml_name: 0 },
  /** Include/weakrefobject.h */
  PyWeakReference: { sizeof: 56, wr_object: 16, wr_callback: 24 },
  /** Include/cellobject.h */
  PyCellObject: { sizeof: 24, ob_ref: 16 },
  /** Include/sliceobject.h */
  PySliceObject: { sizeof: 40, start: 16, stop: 24, step: 32 },
  /** Include/traceback.h */
  PyTracebackObject: { sizeof: 40, tb_next: 16, tb_frame: 24 },
  /** by hand: Objects/rangeobject.c */
  rangeobject: { sizeof: 48, start: 16, stop: 24, step: 32 },
  /** by hand: Objects/descrobject.c */
  mappingproxyobject: { sizeof: 24, mapping: 16 },
  /** by hand: Objects/descrobject.c */
  propertyobject: { sizeof: 48, prop_get: 16, prop_set: 24, prop_del: 32, prop_doc: 40 },
  /** by hand: Objects/funcobject.c */
  classmethod: { sizeof: 32, cm_callable: 16 },
  /** by hand: Objects/funcobject.c */
  staticmethod: { sizeof: 32, sm_callable: 16 },
  /** by hand: Objects/namespaceobject.c */
  _PyNamespaceObject: { sizeof: 24, ns_dict: 16 },
  /** by hand: Modules/_functoolsmodule.c */
  partialobject: { sizeof: 40, fn: 16, args: 24, kw: 32 },
  /** by hand: Modules/_functoolsmodule.c */
  lru_list_elem: { sizeof: 56, prev: 16, next: 24, key: 40, result: 48 },
  /** by hand: Modules/_threadmodule.c */
  localobject: { sizeof: 64, args: 24 },
  /** by hand: Modules/arraymodule.c */
  arrayobject: { sizeof: 48, ob_item: 24, allocated: 32, ob_descr: 40 },
  /** by hand: Modules/arraymodule.c */
  arraydescr: { sizeof: 8, itemsize: 4 },
  /** by hand: Modules/_decimal/_decimal.c */
  PyDecObject: { sizeof: 72, flags: 24, alloc: 56 },
  /** by hand: Modules/_struct.c */
  PyStructObject: { sizeof: 40, s_codes: 32 },
  /** by hand: Modules/_struct.c */
  formatcode: { sizeof: 32, fmtdef: 0 },
  /** by hand: Modules/_io/fileio.c */
  fileio: { sizeof: 24, fd: 16, created: 20 },
  /** by hand: Modules/_io/bufferedio.c */
  buffered: { sizeof: 128, raw: 16, buffer: 56, buffer_size: 120 },
  /** by hand: Modules/_io/textio.c */
  textio: { sizeof: 40, buffer: 32 },
  /** by hand: Modules/_io/bytesio.c */
  bytesio: { sizeof: 64, buf: 16 },
  /** by hand: Modules/socketmodule.h */
  PySocketSockObject: { sizeof: 48, sock_fd: 16, sock_family: 20, sock_type: 24, sock_timeout: 40 },
  /** by hand: Modules/mmapmodule.c */
  mmap_object: { sizeof: 32, data: 16, size: 24 },
  /** Include/memoryobject.h */
  PyMemoryViewObject: { sizeof: 152, mbuf: 24, obj: 64 },
  /** by hand: Objects/iterobject.c */
  seqiterobject: { sizeof: 32, it_seq: 24 },
  /** by hand: Objects/iterobject.c */
  calliterobject: { sizeof: 32, it_callable: 16, it_sentinel: 24 },
  /** by hand: Objects/dictobject.c */
  dictiterobject: { sizeof: 56, di_dict: 16, di_result: 40 },
  /** by hand: Objects/setobject.c */
  setiterobject: { sizeof: 48, si_set: 16 },
  /** by hand: Objects/enumobject.c */
  enumobject: { sizeof: 48, en_sit: 24, en_result: 32, en_longindex: 40 },
  /** by hand: Objects/enumobject.c */
  reversedobject: { sizeof: 32, seq: 24 },
  /** by hand: Python/bltinmodule.c */
  filterobject: { sizeof: 32, func: 16, it: 24 },
  /** by hand: Python/bltinmodule.c */
  mapobject: { sizeof: 32, iters: 16, func: 24 },
  /** by hand: Python/bltinmodule.c */
  zipobject: { sizeof: 40, ittuple: 24, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  chainobject: { sizeof: 32, source: 16, active: 24 },
  /** by hand: Modules/itertoolsmodule.c */
  isliceobject: { sizeof: 56, it: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  cycleobject: { sizeof: 48, it: 16, saved: 24 },
  /** by hand: Modules/itertoolsmodule.c */
  teeobject: { sizeof: 40, dataobj: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  teedataobject: { sizeof: 496, it: 16, nextlink: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  groupbyobject: { sizeof: 64, it: 16, keyfunc: 24, tgtkey: 32, currkey: 40, currvalue: 48, currgrouper: 56 },
  /** by hand: Modules/itertoolsmodule.c */
  repeatobject: { sizeof: 32, element: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  accumulateobject: { sizeof: 48, total: 16, it: 24, binop: 32, initial: 40 },
  /** by hand: Modules/itertoolsmodule.c */
  productobject: { sizeof: 48, pools: 16, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  combinationsobject: { sizeof: 56, pool: 16, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  starmapobject: { sizeof: 32, func: 16, it: 24 },
  /** by hand: Modules/_operator.c */
  itemgetterobject: { sizeof: 40, item: 24 },
  /** by hand: Modules/_operator.c */
  methodcallerobject: { sizeof: 40, name: 16, args: 24, kwds: 32 },
  /** by hand: Modules/_csv.c */
  ReaderObj: { sizeof: 88, input_iter: 16, dialect: 24, fields: 32 },
  /** Include/pystate.h */
  PyInterpreterState: { sizeof: 120, next: 0, tstate_head: 8, modules: 16 },
  /** by hand: Modules/hashtable.h */
  _Py_hashtable_t: {
    sizeof: 72,
    entries: 8,
    num_buckets: 0,
    buckets: 16,
    hash_func: 40,
    compare_func: 48,
    key_size: 24,
    data_size: 32,
    malloc: 56,
    free: 64,
  },
  /** by hand: Modules/hashtable.h */
  _Py_hashtable_entry_t: { sizeof: 16, _Py_slist_item: 0, key_hash: 8 },
  /** by hand: Modules/_tracemalloc.c */
  trace_t: { sizeof: 16, size: 0, traceback: 8 },
  /** by hand: Modules/_tracemalloc.c */
  traceback_t: { sizeof: 24, hash: 0, nframe: 8, frames: 12 },
  /** by hand: Modules/_tracemalloc.c */
  frame_t: { sizeof: 12, filename: 0, lineno: 8 },
} as const;
