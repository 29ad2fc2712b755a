// Made by scripts/structs.mjs from the headers of 3.13.0: do not edit.
/** CPython 3.13t: sizes of its structs and offsets of their fields in bytes, all by its own names. */
export const V313T = {
  minor: 13,
  /** Include/object.h */
  PyObject: { sizeof: 32, ob_tid: 0, ob_gc_bits: 11, ob_ref_local: 12, ob_ref_shared: 16, ob_type: 24 },
  /** Include/object.h */
  PyVarObject: { sizeof: 40, ob_size: 32 },
  /** Include/internal/pycore_gc.h */
  PyGC_Head: { sizeof: 16, _gc_next: 0, _gc_prev: 8 },
  /** Include/cpython/object.h */
  PyTypeObject: {
    sizeof: 432,
    tp_name: 40,
    tp_basicsize: 48,
    tp_itemsize: 56,
    tp_flags: 184,
    tp_weaklistoffset: 224,
    tp_base: 272,
    tp_dict: 280,
    tp_dictoffset: 304,
    tp_bases: 352,
    tp_mro: 360,
    tp_cache: 368,
    tp_subclasses: 376,
    tp_members: 256,
  },
  /** Include/cpython/object.h */
  PyHeapTypeObject: {
    sizeof: 944,
    ht_name: 872,
    ht_slots: 880,
    ht_qualname: 888,
    ht_cached_keys: 896,
    ht_module: 904,
  },
  /** Include/descrobject.h */
  PyMemberDef: { sizeof: 40, name: 0, type: 8, offset: 16 },
  /** Include/cpython/descrobject.h */
  PyDescrObject: { sizeof: 56, d_type: 32, d_name: 40 },
  /** Include/cpython/descrobject.h */
  PyMemberDescrObject: { sizeof: 64, d_member: 56 },
  /** Include/cpython/longintrepr.h */
  PyLongObject: { sizeof: 48, ob_digit: 40, lv_tag: 32 },
  /** Include/cpython/floatobject.h */
  PyFloatObject: { sizeof: 40, ob_fval: 32 },
  /** Include/cpython/complexobject.h */
  PyComplexObject: { sizeof: 48, real: 32, imag: 40 },
  /** Include/cpython/unicodeobject.h */
  PyASCIIObject: { sizeof: 56, length: 32, hash: 40, state: 48 },
  /** Include/cpython/unicodeobject.h */
  PyCompactUnicodeObject: { sizeof: 72, utf8_length: 56, utf8: 64 },
  /** Include/cpython/unicodeobject.h */
  PyUnicodeObject: { sizeof: 80, data: 72 },
  /** Include/cpython/bytesobject.h */
  PyBytesObject: { sizeof: 56, ob_sval: 48 },
  /** Include/cpython/bytearrayobject.h */
  PyByteArrayObject: { sizeof: 72, ob_alloc: 40, ob_bytes: 48, ob_start: 56 },
  /** Include/cpython/tupleobject.h */
  PyTupleObject: { sizeof: 48, ob_item: 40 },
  /** Include/cpython/listobject.h */
  PyListObject: { sizeof: 56, ob_item: 40, allocated: 48 },
  /** Include/cpython/setobject.h */
  PySetObject: { sizeof: 216, fill: 32, used: 40, mask: 48, table: 56, smalltable: 80 },
  /** Include/cpython/setobject.h */
  setentry: { sizeof: 16, key: 0, hash: 8 },
  /** Include/cpython/dictobject.h */
  PyDictObject: { sizeof: 64, ma_used: 32, ma_keys: 48, ma_values: 56 },
  /** Include/internal/pycore_dict.h */
  PyDictKeysObject: {
    sizeof: 32,
    dk_refcnt: 0,
    dk_log2_size: 8,
    dk_log2_index_bytes: 9,
    dk_kind: 10,
    dk_usable: 16,
    dk_nentries: 24,
    dk_indices: 32,
  },
  /** Include/internal/pycore_dict.h */
  PyDictKeyEntry: { sizeof: 24, me_hash: 0, me_key: 8, me_value: 16 },
  /** Include/internal/pycore_dict.h */
  PyDictUnicodeEntry: { sizeof: 16, me_key: 0, me_value: 8 },
  /** Include/internal/pycore_dict.h */
  PyDictValues: { sizeof: 16, capacity: 0, size: 1, embedded: 2, valid: 3, values: 8 },
  /** by hand: Modules/_collectionsmodule.c */
  dequeobject: { sizeof: 88, leftblock: 40, rightblock: 48, leftindex: 56, rightindex: 64, maxlen: 80 },
  /** by hand: Modules/_collectionsmodule.c */
  block: { sizeof: 528, leftlink: 0, data: 8, rightlink: 520 },
  /** by hand: Objects/odictobject.c */
  PyODictObject: { sizeof: 128, od_first: 64, od_last: 72, od_fast_nodes: 80, od_fast_nodes_size: 88 },
  /** by hand: Objects/odictobject.c */
  _ODictNode: { sizeof: 32, key: 0, hash: 8, next: 16, prev: 24 },
  /** by hand: Modules/_collectionsmodule.c */
  defdictobject: { sizeof: 72, default_factory: 64 },
  /** Include/internal/pycore_moduleobject.h */
  PyModuleObject: { sizeof: 80, md_dict: 32, md_def: 40, md_state: 48, md_name: 64 },
  /** Include/moduleobject.h */
  PyModuleDef_Base: { sizeof: 56, m_copy: 48 },
  /** Include/moduleobject.h */
  PyModuleDef: { sizeof: 120, m_size: 72 },
  /** Include/cpython/funcobject.h */
  PyFunctionObject: {
    sizeof: 160,
    func_globals: 32,
    func_builtins: 40,
    func_code: 64,
    func_defaults: 72,
    func_kwdefaults: 80,
    func_closure: 88,
    func_doc: 96,
    func_name: 48,
    func_dict: 104,
    func_module: 120,
    func_annotations: 128,
    func_qualname: 56,
  },
  /** Include/cpython/code.h */
  PyCodeObject: {
    sizeof: 224,
    co_argcount: 68,
    co_kwonlyargcount: 76,
    co_flags: 64,
    co_nlocals: 96,
    co_nlocalsplus: 88,
    co_stacksize: 80,
    co_firstlineno: 84,
    co_consts: 40,
    co_names: 48,
    co_exceptiontable: 56,
    co_localsplusnames: 112,
    co_localspluskinds: 120,
    co_filename: 128,
    co_name: 136,
    co_qualname: 144,
    co_linetable: 152,
    co_code_adaptive: 216,
    _co_firsttraceable: 200,
  },
  /** Include/internal/pycore_frame.h */
  PyFrameObject: { sizeof: 88, f_back: 32, f_trace: 48, f_frame: 40, f_extra_locals: 64, f_locals_cache: 72 },
  /** Include/internal/pycore_frame.h */
  _PyInterpreterFrame: {
    sizeof: 80,
    f_executable: 0,
    f_funcobj: 16,
    f_globals: 24,
    f_locals: 40,
    previous: 8,
    frame_obj: 48,
    instr_ptr: 56,
    stacktop: 64,
    owner: 70,
    localsplus: 72,
  },
  /** Include/cpython/genobject.h */
  PyGenObject: {
    sizeof: 96,
    gi_name: 40,
    gi_qualname: 48,
    gi_exc_state: 56,
    gi_frame_state: 83,
    gi_iframe: 88,
  },
  /** Include/cpython/genobject.h */
  PyCoroObject: { sizeof: 96, cr_origin_or_finalizer: 72 },
  /** Include/cpython/pystate.h */
  PyThreadState: {
    sizeof: 304,
    prev: 0,
    next: 8,
    interp: 16,
    current_frame: 72,
    thread_id: 152,
    native_thread_id: 160,
    exc_info: 120,
    current_exception: 112,
    datastack_chunk: 232,
    datastack_top: 240,
    datastack_limit: 248,
  },
  /** Include/cpython/pystate.h */
  _PyStackChunk: { sizeof: 32, previous: 0, size: 8, top: 16, data: 24 },
  /** Include/cpython/pystate.h */
  _PyErr_StackItem: { sizeof: 16, exc_value: 0, previous_item: 8 },
  /** by hand: Modules/_threadmodule.c */
  lockobject: { sizeof: 40, lock_lock: 32 },
  /** by hand: Modules/_threadmodule.c */
  rlockobject: { sizeof: 56, rlock_lock: 32, rlock_owner: 40, rlock_count: 48 },
  /** Include/cpython/pyerrors.h */
  PyBaseExceptionObject: { sizeof: 88, dict: 32, args: 40, notes: 48, traceback: 56, context: 64, cause: 72 },
  /** Include/cpython/pyerrors.h */
  PyStopIterationObject: { sizeof: 96, value: 88 },
  /** Include/cpython/pyerrors.h */
  PyOSErrorObject: { sizeof: 128, myerrno: 88, strerror: 96, filename: 104, filename2: 112 },
  /** Include/cpython/classobject.h */
  PyMethodObject: { sizeof: 64, im_func: 32, im_self: 40 },
  /** Include/cpython/methodobject.h */
  PyCFunctionObject: { sizeof: 72, m_ml: 32, m_self: 40, m_module: 48 },
  /** Include/methodobject.h */
  PyMethodDef: { sizeof: 32, ml_name: 0 },
  /** Include/cpython/weakrefobject.h */
  PyWeakReference: { sizeof: 88, wr_object: 32, wr_callback: 40 },
  /** Include/cpython/cellobject.h */
  PyCellObject: { sizeof: 40, ob_ref: 32 },
  /** Include/sliceobject.h */
  PySliceObject: { sizeof: 56, start: 32, stop: 40, step: 48 },
  /** Include/cpython/traceback.h */
  PyTracebackObject: { sizeof: 56, tb_next: 32, tb_frame: 40 },
  /** by hand: Objects/rangeobject.c */
  rangeobject: { sizeof: 64, start: 32, stop: 40, step: 48 },
  /** by hand: Objects/descrobject.c */
  mappingproxyobject: { sizeof: 40, mapping: 32 },
  /** Include/internal/pycore_descrobject.h */
  propertyobject: { sizeof: 80, prop_get: 32, prop_set: 40, prop_del: 48, prop_doc: 56 },
  /** by hand: Objects/funcobject.c */
  classmethod: { sizeof: 48, cm_callable: 32 },
  /** by hand: Objects/funcobject.c */
  staticmethod: { sizeof: 48, sm_callable: 32 },
  /** by hand: Objects/namespaceobject.c */
  _PyNamespaceObject: { sizeof: 40, ns_dict: 32 },
  /** by hand: Modules/_functoolsmodule.c */
  partialobject: { sizeof: 56, fn: 32, args: 40, kw: 48 },
  /** by hand: Modules/_functoolsmodule.c */
  lru_list_elem: { sizeof: 72, prev: 32, next: 40, key: 56, result: 64 },
  /** by hand: Modules/_functoolsmodule.c */
  lru_cache_object: { sizeof: 120, cache: 88, maxsize: 112 },
  /** by hand: Modules/_threadmodule.c */
  localobject: { sizeof: 80, args: 40 },
  /** by hand: Modules/arraymodule.c */
  arrayobject: { sizeof: 64, ob_item: 40, allocated: 48, ob_descr: 56 },
  /** by hand: Modules/arraymodule.c */
  arraydescr: { sizeof: 8, itemsize: 4 },
  /** by hand: Modules/_decimal/_decimal.c */
  PyDecObject: { sizeof: 88, flags: 40, alloc: 72 },
  /** by hand: Modules/_struct.c */
  PyStructObject: { sizeof: 56, s_codes: 48 },
  /** by hand: Modules/_struct.c */
  formatcode: { sizeof: 32, fmtdef: 0 },
  /** by hand: Modules/_io/fileio.c */
  fileio: { sizeof: 40, fd: 32, created: 36 },
  /** by hand: Modules/_io/bufferedio.c */
  buffered: { sizeof: 144, raw: 32, buffer: 72, buffer_size: 136 },
  /** by hand: Modules/_io/textio.c */
  textio: { sizeof: 56, buffer: 48 },
  /** by hand: Modules/_io/bytesio.c */
  bytesio: { sizeof: 80, buf: 32 },
  /** by hand: Modules/socketmodule.h */
  PySocketSockObject: { sizeof: 64, sock_fd: 32, sock_family: 36, sock_type: 40, sock_timeout: 56 },
  /** by hand: Modules/mmapmodule.c */
  mmap_object: { sizeof: 48, data: 32, size: 40 },
  /** Include/cpython/memoryobject.h */
  PyMemoryViewObject: { sizeof: 168, mbuf: 40, obj: 80 },
  /** by hand: Modules/_queuemodule.c */
  simplequeueobject: { sizeof: 88, get_idx: 48, items: 56, items_cap: 64, num_items: 72 },
  /** by hand: Modules/_asynciomodule.c */
  FutureObj: {
    sizeof: 120,
    fut_loop: 32,
    fut_callback0: 40,
    fut_context0: 48,
    fut_callbacks: 56,
    fut_exception: 64,
    fut_exception_tb: 72,
    fut_result: 80,
    fut_source_tb: 88,
    fut_cancel_msg: 96,
    fut_cancelled_exc: 104,
    fut_state: 112,
  },
  /** by hand: Modules/_asynciomodule.c */
  TaskObj: { sizeof: 160, task_fut_waiter: 128, task_coro: 136, task_name: 144, task_context: 152 },
  /** by hand: Modules/_csv.c */
  contextobject: { sizeof: 64, ctx_prev: 32, ctx_vars: 40 },
  /** by hand: Modules/_csv.c */
  contextvarobject: { sizeof: 80, var_name: 32, var_default: 40, var_cached: 48 },
  /** by hand: Modules/_csv.c */
  contexttokenobject: { sizeof: 64, tok_ctx: 32, tok_var: 40, tok_oldval: 48 },
  /** by hand: Modules/_csv.c */
  hamtobject: { sizeof: 56, h_root: 32 },
  /** by hand: Modules/_abc.c */
  _abc_data: { sizeof: 64, _abc_registry: 32, _abc_cache: 40, _abc_negative_cache: 48 },
  /** by hand: Objects/iterobject.c */
  seqiterobject: { sizeof: 48, it_seq: 40 },
  /** by hand: Objects/iterobject.c */
  calliterobject: { sizeof: 48, it_callable: 32, it_sentinel: 40 },
  /** by hand: Objects/dictobject.c */
  dictiterobject: { sizeof: 72, di_dict: 32, di_result: 56 },
  /** by hand: Objects/setobject.c */
  setiterobject: { sizeof: 64, si_set: 32 },
  /** by hand: Objects/enumobject.c */
  enumobject: { sizeof: 72, en_sit: 40, en_result: 48, en_longindex: 56 },
  /** by hand: Objects/enumobject.c */
  reversedobject: { sizeof: 48, seq: 40 },
  /** by hand: Python/bltinmodule.c */
  filterobject: { sizeof: 48, func: 32, it: 40 },
  /** by hand: Python/bltinmodule.c */
  mapobject: { sizeof: 48, iters: 32, func: 40 },
  /** by hand: Python/bltinmodule.c */
  zipobject: { sizeof: 64, ittuple: 40, result: 48 },
  /** by hand: Modules/itertoolsmodule.c */
  chainobject: { sizeof: 48, source: 32, active: 40 },
  /** by hand: Modules/itertoolsmodule.c */
  isliceobject: { sizeof: 72, it: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  cycleobject: { sizeof: 64, it: 32, saved: 40 },
  /** by hand: Modules/itertoolsmodule.c */
  teeobject: { sizeof: 64, dataobj: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  teedataobject: { sizeof: 512, it: 32, nextlink: 48 },
  /** by hand: Modules/itertoolsmodule.c */
  groupbyobject: { sizeof: 88, it: 32, keyfunc: 40, tgtkey: 48, currkey: 56, currvalue: 64, currgrouper: 72 },
  /** by hand: Modules/itertoolsmodule.c */
  repeatobject: { sizeof: 48, element: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  accumulateobject: { sizeof: 72, total: 32, it: 40, binop: 48, initial: 56 },
  /** by hand: Modules/itertoolsmodule.c */
  productobject: { sizeof: 64, pools: 32, result: 48 },
  /** by hand: Modules/itertoolsmodule.c */
  combinationsobject: { sizeof: 72, pool: 32, result: 48 },
  /** by hand: Modules/itertoolsmodule.c */
  starmapobject: { sizeof: 48, func: 32, it: 40 },
  /** by hand: Modules/_operator.c */
  itemgetterobject: { sizeof: 64, item: 40 },
  /** by hand: Modules/_operator.c */
  methodcallerobject: {
    sizeof: 80,
    name: 32,
    xargs: 40,
    kwds: 48,
    vectorcall_args: 56,
    vectorcall_kwnames: 64,
  },
  /** by hand: Modules/_csv.c */
  ReaderObj: { sizeof: 104, input_iter: 32, dialect: 40, fields: 48 },
  /** Include/internal/pycore_gc.h */
  gc_generation: { sizeof: 24, threshold: 16, count: 20 },
  /** Include/internal/pycore_gc.h */
  gc_generation_stats: { sizeof: 24, collections: 0, collected: 8, uncollectable: 16 },
  /** Include/internal/pycore_gc.h */
  _gc_runtime_state: {
    sizeof: 248,
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
  /** Include/internal/pycore_interp.h */
  PyInterpreterState: { sizeof: 215616, next: 7264, head: 7344, modules: 7664, gc: 7400, gil: 16 },
  /** Include/internal/pycore_gil.h */
  _gil_runtime_state: { sizeof: 216, last_holder: 16, locked: 24 },
  /** Include/internal/pycore_runtime.h */
  _PyRuntimeState: { sizeof: 328256, head: 632, main: 640 },
  /** Include/internal/pycore_hashtable.h */
  _Py_hashtable_t: {
    sizeof: 80,
    nentries: 0,
    nbuckets: 8,
    buckets: 16,
    get_entry_func: 24,
    hash_func: 32,
    compare_func: 40,
    key_destroy_func: 48,
    value_destroy_func: 56,
    malloc: 64,
    free: 72,
  },
  /** Include/internal/pycore_hashtable.h */
  _Py_hashtable_entry_t: { sizeof: 32, _Py_slist_item: 0, key_hash: 8, key: 16, value: 24 },
  /** Include/internal/pycore_tracemalloc.h */
  _PyTraceMalloc_Config: { sizeof: 12, initialized: 0, tracing: 4, max_nframe: 8 },
  /** by hand: Modules/_tracemalloc.c */
  trace_t: { sizeof: 16, size: 0, traceback: 8 },
  /** Include/internal/pycore_tracemalloc.h */
  traceback_t: { sizeof: 24, hash: 0, nframe: 8, total_nframe: 10, frames: 12 },
  /** by hand: Modules/_tracemalloc.c */
  frame_t: { sizeof: 12, filename: 0, lineno: 8 },
  /** Include/internal/pycore_tracemalloc.h */
  _tracemalloc_runtime_state: {
    sizeof: 232,
    initialized: 0,
    tracing: 4,
    max_nframe: 8,
    traced_memory: 144,
    peak_traced_memory: 152,
    filenames: 160,
    traceback: 168,
    tracebacks: 176,
    traces: 184,
    domains: 192,
  },
  /** Include/internal/pycore_runtime.h */
  _Py_DebugOffsets: {
    sizeof: 584,
    version: 8,
    free_threaded: 16,
    interpreters_head: 40,
    next: 64,
    threads_head: 72,
    imports_modules: 88,
    gc: 80,
    ceval_gil: 112,
    gil_runtime_state: 120,
    gil_runtime_state_locked: 136,
    gil_runtime_state_holder: 144,
  },
  MANAGED_DICT_OFFSET: -8,
} as const;
