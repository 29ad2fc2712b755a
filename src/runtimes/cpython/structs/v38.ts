// Made by scripts/structs.mjs from the headers of 3.8.18: do not edit.
/** CPython 3.8: sizes of its structs and offsets of their fields in bytes, all by its own names. */
export const V38 = {
  minor: 8,
  /** Include/object.h */
  PyObject: { sizeof: 16, ob_refcnt: 0, ob_type: 8 },
  /** Include/object.h */
  PyVarObject: { sizeof: 24, ob_size: 16 },
  /** Include/cpython/objimpl.h */
  PyGC_Head: { sizeof: 16, _gc_next: 0, _gc_prev: 8 },
  /** Include/cpython/object.h */
  PyTypeObject: {
    sizeof: 416,
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
  /** Include/cpython/object.h */
  PyHeapTypeObject: { sizeof: 880, ht_name: 848, ht_slots: 856, ht_qualname: 864, ht_cached_keys: 872 },
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
  /** Include/cpython/unicodeobject.h */
  PyASCIIObject: { sizeof: 48, length: 16, hash: 24, state: 32, wstr: 40 },
  /** Include/cpython/unicodeobject.h */
  PyCompactUnicodeObject: { sizeof: 72, utf8_length: 48, utf8: 56, wstr_length: 64 },
  /** Include/cpython/unicodeobject.h */
  PyUnicodeObject: { sizeof: 80, data: 72 },
  /** Include/bytesobject.h */
  PyBytesObject: { sizeof: 40, ob_sval: 32 },
  /** Include/bytearrayobject.h */
  PyByteArrayObject: { sizeof: 56, ob_alloc: 24, ob_bytes: 32, ob_start: 40 },
  /** Include/cpython/tupleobject.h */
  PyTupleObject: { sizeof: 32, ob_item: 24 },
  /** Include/listobject.h */
  PyListObject: { sizeof: 40, ob_item: 24, allocated: 32 },
  /** Include/setobject.h */
  PySetObject: { sizeof: 200, fill: 16, used: 24, mask: 32, table: 40, smalltable: 64 },
  /** Include/setobject.h */
  setentry: { sizeof: 16, key: 0, hash: 8 },
  /** Include/cpython/dictobject.h */
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
    sizeof: 120,
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
  /** Include/internal/pycore_code.h */
  _PyOpcache: { sizeof: 32, optimized: 24 },
  /** Include/code.h */
  PyCodeObject: {
    sizeof: 176,
    co_argcount: 16,
    co_kwonlyargcount: 24,
    co_flags: 36,
    co_nlocals: 28,
    co_stacksize: 32,
    co_firstlineno: 40,
    co_code: 48,
    co_consts: 56,
    co_names: 64,
    co_varnames: 72,
    co_freevars: 80,
    co_cellvars: 88,
    co_cell2arg: 96,
    co_filename: 104,
    co_name: 112,
    co_lnotab: 120,
    co_opcache: 160,
    co_opcache_size: 172,
  },
  /** Include/frameobject.h */
  PyFrameObject: {
    sizeof: 368,
    f_back: 24,
    f_code: 32,
    f_builtins: 40,
    f_globals: 48,
    f_locals: 56,
    f_valuestack: 64,
    f_stacktop: 72,
    f_trace: 80,
    f_lasti: 104,
    f_localsplus: 360,
  },
  /** Include/genobject.h */
  PyGenObject: {
    sizeof: 96,
    gi_frame: 16,
    gi_running: 24,
    gi_code: 32,
    gi_name: 48,
    gi_qualname: 56,
    gi_exc_state: 64,
  },
  /** Include/genobject.h */
  PyCoroObject: { sizeof: 104 },
  /** Include/cpython/pystate.h */
  PyThreadState: {
    sizeof: 264,
    prev: 0,
    next: 8,
    interp: 16,
    frame: 24,
    thread_id: 176,
    exc_info: 144,
    curexc_type: 88,
    curexc_value: 96,
  },
  /** Include/cpython/pystate.h */
  _PyErr_StackItem: { sizeof: 32, exc_value: 8, previous_item: 24 },
  /** by hand: Modules/_threadmodule.c */
  lockobject: { sizeof: 24, lock_lock: 16 },
  /** by hand: Modules/_threadmodule.c */
  rlockobject: { sizeof: 40, rlock_lock: 16, rlock_owner: 24, rlock_count: 32 },
  /** Include/cpython/pyerrors.h */
  PyBaseExceptionObject: { sizeof: 64, dict: 16, args: 24, traceback: 32, context: 40, cause: 48 },
  /** Include/cpython/pyerrors.h */
  PyStopIterationObject: { sizeof: 72, value: 64 },
  /** Include/cpython/pyerrors.h */
  PyOSErrorObject: { sizeof: 104, myerrno: 64, strerror: 72, filename: 80, filename2: 88 },
  /** Include/classobject.h */
  PyMethodObject: { sizeof: 48, im_func: 16, im_self: 24 },
  /** Include/methodobject.h */
  PyCFunctionObject: { sizeof: 56, m_ml: 16, m_self: 24, m_module: 32 },
  /** Include/methodobject.h */
  PyMethodDef: { sizeof: 32, ml_name: 0 },
  /** Include/weakrefobject.h */
  PyWeakReference: { sizeof: 56, wr_object: 16, wr_callback: 24 },
  /** Include/cellobject.h */
  PyCellObject: { sizeof: 24, ob_ref: 16 },
  /** Include/sliceobject.h */
  PySliceObject: { sizeof: 40, start: 16, stop: 24, step: 32 },
  /** Include/cpython/traceback.h */
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
  /** by hand: Modules/_functoolsmodule.c */
  lru_cache_object: { sizeof: 104, cache: 72, maxsize: 96 },
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
  /** by hand: Modules/_queuemodule.c */
  simplequeueobject: { sizeof: 56, lst: 32 },
  /** by hand: Modules/_asynciomodule.c */
  FutureObj: {
    sizeof: 104,
    fut_loop: 16,
    fut_callback0: 24,
    fut_context0: 32,
    fut_callbacks: 40,
    fut_exception: 48,
    fut_result: 56,
    fut_source_tb: 64,
    fut_state: 72,
  },
  /** by hand: Modules/_asynciomodule.c */
  TaskObj: { sizeof: 144, task_fut_waiter: 104, task_coro: 112, task_name: 120, task_context: 128 },
  /** by hand: Modules/_csv.c */
  contextobject: { sizeof: 48, ctx_prev: 16, ctx_vars: 24 },
  /** by hand: Modules/_csv.c */
  contextvarobject: { sizeof: 64, var_name: 16, var_default: 24, var_cached: 32 },
  /** by hand: Modules/_csv.c */
  contexttokenobject: { sizeof: 48, tok_ctx: 16, tok_var: 24, tok_oldval: 32 },
  /** by hand: Modules/_csv.c */
  hamtobject: { sizeof: 40, h_root: 16 },
  /** by hand: Modules/_abc.c */
  _abc_data: { sizeof: 48, _abc_registry: 16, _abc_cache: 24, _abc_negative_cache: 32 },
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
  /** Include/internal/pycore_pymem.h */
  gc_generation: { sizeof: 24, threshold: 16, count: 20 },
  /** Include/internal/pycore_pymem.h */
  gc_generation_stats: { sizeof: 24, collections: 0, collected: 8, uncollectable: 16 },
  /** Include/internal/pycore_pymem.h */
  _gc_runtime_state: {
    sizeof: 240,
    enabled: 12,
    generations: 24,
    permanent_generation: 104,
    generation_stats: 128,
    collecting: 200,
    garbage: 208,
    long_lived_total: 224,
    long_lived_pending: 232,
    generation0: 96,
  },
  /** Include/internal/pycore_pystate.h */
  PyInterpreterState: { sizeof: 2720, next: 0, tstate_head: 8, modules: 56 },
  /** Include/internal/pycore_gil.h */
  _gil_runtime_state: { sizeof: 208, last_holder: 8, locked: 16 },
  /** Include/internal/pycore_pystate.h */
  _PyRuntimeState: { sizeof: 1464, head: 32, main: 40, gil: 1152 },
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
  /** Include/pymem.h */
  _PyTraceMalloc_Config: { sizeof: 16, initialized: 0, tracing: 4, max_nframe: 8 },
  /** by hand: Modules/_tracemalloc.c */
  trace_t: { sizeof: 16, size: 0, traceback: 8 },
  /** by hand: Modules/_tracemalloc.c */
  traceback_t: { sizeof: 24, hash: 0, nframe: 8, frames: 12 },
  /** by hand: Modules/_tracemalloc.c */
  frame_t: { sizeof: 12, filename: 0, lineno: 8 },
} as const;
