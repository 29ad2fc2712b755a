// Made by scripts/structs.mjs from the headers of 3.14.10: do not edit.
/** CPython 3.14: sizes of its structs and offsets of their fields in bytes, all by its own names. */
export const V314 = {
  minor: 14,
  /** Include/object.h */
  PyObject: { sizeof: 16, ob_refcnt: 0, ob_type: 8 },
  /** Include/object.h */
  PyVarObject: { sizeof: 24, ob_size: 16 },
  /** Include/internal/pycore_interp_structs.h */
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
  PyHeapTypeObject: {
    sizeof: 936,
    ht_name: 856,
    ht_slots: 864,
    ht_qualname: 872,
    ht_cached_keys: 880,
    ht_module: 888,
  },
  /** Include/descrobject.h */
  PyMemberDef: { sizeof: 40, name: 0, type: 8, offset: 16 },
  /** Include/cpython/descrobject.h */
  PyDescrObject: { sizeof: 40, d_type: 16, d_name: 24 },
  /** Include/cpython/descrobject.h */
  PyMemberDescrObject: { sizeof: 48, d_member: 40 },
  /** Include/cpython/longintrepr.h */
  PyLongObject: { sizeof: 32, ob_digit: 24, lv_tag: 16 },
  /** Include/cpython/floatobject.h */
  PyFloatObject: { sizeof: 24, ob_fval: 16 },
  /** Include/cpython/complexobject.h */
  PyComplexObject: { sizeof: 32, real: 16, imag: 24 },
  /** Include/cpython/unicodeobject.h */
  PyASCIIObject: { sizeof: 40, length: 16, hash: 24, state: 32 },
  /** Include/cpython/unicodeobject.h */
  PyCompactUnicodeObject: { sizeof: 56, utf8_length: 40, utf8: 48 },
  /** Include/cpython/unicodeobject.h */
  PyUnicodeObject: { sizeof: 64, data: 56 },
  /** Include/cpython/bytesobject.h */
  PyBytesObject: { sizeof: 40, ob_sval: 32 },
  /** Include/cpython/bytearrayobject.h */
  PyByteArrayObject: { sizeof: 56, ob_alloc: 24, ob_bytes: 32, ob_start: 40 },
  /** Include/cpython/tupleobject.h */
  PyTupleObject: { sizeof: 40, ob_item: 32 },
  /** Include/cpython/listobject.h */
  PyListObject: { sizeof: 40, ob_item: 24, allocated: 32 },
  /** Include/cpython/setobject.h */
  PySetObject: { sizeof: 200, fill: 16, used: 24, mask: 32, table: 40, smalltable: 64 },
  /** Include/cpython/setobject.h */
  setentry: { sizeof: 16, key: 0, hash: 8 },
  /** Include/cpython/dictobject.h */
  PyDictObject: { sizeof: 48, ma_used: 16, ma_keys: 32, ma_values: 40 },
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
  dequeobject: { sizeof: 72, leftblock: 24, rightblock: 32, leftindex: 40, rightindex: 48, maxlen: 64 },
  /** by hand: Modules/_collectionsmodule.c */
  block: { sizeof: 528, leftlink: 0, data: 8, rightlink: 520 },
  /** by hand: Objects/odictobject.c */
  PyODictObject: { sizeof: 112, od_first: 48, od_last: 56, od_fast_nodes: 64, od_fast_nodes_size: 72 },
  /** by hand: Objects/odictobject.c */
  _ODictNode: { sizeof: 32, key: 0, hash: 8, next: 16, prev: 24 },
  /** by hand: Modules/_collectionsmodule.c */
  defdictobject: { sizeof: 56, default_factory: 48 },
  /** Include/internal/pycore_moduleobject.h */
  PyModuleObject: { sizeof: 56, md_dict: 16, md_def: 24, md_state: 32, md_name: 48 },
  /** Include/moduleobject.h */
  PyModuleDef_Base: { sizeof: 40, m_copy: 32 },
  /** Include/moduleobject.h */
  PyModuleDef: { sizeof: 104, m_size: 56 },
  /** Include/cpython/funcobject.h */
  PyFunctionObject: {
    sizeof: 152,
    func_globals: 16,
    func_builtins: 24,
    func_code: 48,
    func_defaults: 56,
    func_kwdefaults: 64,
    func_closure: 72,
    func_doc: 80,
    func_name: 32,
    func_dict: 88,
    func_module: 104,
    func_annotations: 112,
    func_qualname: 40,
  },
  /** Include/cpython/code.h */
  PyCodeObject: {
    sizeof: 216,
    co_argcount: 52,
    co_kwonlyargcount: 60,
    co_flags: 48,
    co_nlocals: 80,
    co_nlocalsplus: 72,
    co_stacksize: 64,
    co_firstlineno: 68,
    co_consts: 24,
    co_names: 32,
    co_exceptiontable: 40,
    co_localsplusnames: 96,
    co_localspluskinds: 104,
    co_filename: 112,
    co_name: 120,
    co_qualname: 128,
    co_linetable: 136,
    co_code_adaptive: 208,
    _co_firsttraceable: 192,
  },
  /** Include/internal/pycore_frame.h */
  PyFrameObject: { sizeof: 80, f_back: 16, f_trace: 32, f_frame: 24, f_extra_locals: 48, f_locals_cache: 56 },
  /** Include/internal/pycore_interpframe_structs.h */
  _PyInterpreterFrame: {
    sizeof: 88,
    f_executable: 0,
    f_funcobj: 16,
    f_globals: 24,
    f_locals: 40,
    previous: 8,
    frame_obj: 48,
    instr_ptr: 56,
    stackpointer: 64,
    owner: 74,
    localsplus: 80,
  },
  /** Include/internal/pycore_interpframe_structs.h */
  PyGenObject: {
    sizeof: 160,
    gi_name: 24,
    gi_qualname: 32,
    gi_exc_state: 40,
    gi_frame_state: 67,
    gi_iframe: 72,
  },
  /** Include/internal/pycore_interpframe_structs.h */
  PyCoroObject: { sizeof: 160, cr_origin_or_finalizer: 56 },
  /** Include/cpython/pystate.h */
  PyThreadState: {
    sizeof: 832,
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
  lockobject: { sizeof: 24, lock: 16 },
  /** by hand: Modules/_threadmodule.c */
  rlockobject: { sizeof: 40, lock: 16, thread: 24, level: 32 },
  /** Include/cpython/pyerrors.h */
  PyBaseExceptionObject: { sizeof: 72, dict: 16, args: 24, notes: 32, traceback: 40, context: 48, cause: 56 },
  /** Include/cpython/pyerrors.h */
  PyStopIterationObject: { sizeof: 80, value: 72 },
  /** Include/cpython/pyerrors.h */
  PyOSErrorObject: { sizeof: 112, myerrno: 72, strerror: 80, filename: 88, filename2: 96 },
  /** Include/cpython/classobject.h */
  PyMethodObject: { sizeof: 48, im_func: 16, im_self: 24 },
  /** Include/cpython/methodobject.h */
  PyCFunctionObject: { sizeof: 56, m_ml: 16, m_self: 24, m_module: 32 },
  /** Include/methodobject.h */
  PyMethodDef: { sizeof: 32, ml_name: 0 },
  /** Include/cpython/weakrefobject.h */
  PyWeakReference: { sizeof: 64, wr_object: 16, wr_callback: 24 },
  /** Include/cpython/cellobject.h */
  PyCellObject: { sizeof: 24, ob_ref: 16 },
  /** Include/sliceobject.h */
  PySliceObject: { sizeof: 40, start: 16, stop: 24, step: 32 },
  /** Include/cpython/traceback.h */
  PyTracebackObject: { sizeof: 40, tb_next: 16, tb_frame: 24 },
  /** by hand: Objects/rangeobject.c */
  rangeobject: { sizeof: 48, start: 16, stop: 24, step: 32 },
  /** by hand: Objects/descrobject.c */
  mappingproxyobject: { sizeof: 24, mapping: 16 },
  /** Include/internal/pycore_descrobject.h */
  propertyobject: { sizeof: 64, prop_get: 16, prop_set: 24, prop_del: 32, prop_doc: 40 },
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
  /** Include/cpython/memoryobject.h */
  PyMemoryViewObject: { sizeof: 152, mbuf: 24, obj: 64 },
  /** by hand: Modules/_queuemodule.c */
  simplequeueobject: { sizeof: 72, get_idx: 32, items: 40, items_cap: 48, num_items: 56 },
  /** by hand: Modules/_asynciomodule.c */
  FutureObj: {
    sizeof: 112,
    fut_loop: 16,
    fut_callback0: 24,
    fut_context0: 32,
    fut_callbacks: 40,
    fut_exception: 48,
    fut_exception_tb: 56,
    fut_result: 64,
    fut_source_tb: 72,
    fut_cancel_msg: 80,
    fut_cancelled_exc: 88,
    fut_awaited_by: 96,
    fut_state: 104,
  },
  /** by hand: Modules/_asynciomodule.c */
  TaskObj: { sizeof: 168, task_fut_waiter: 120, task_coro: 128, task_name: 136, task_context: 144 },
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
  enumobject: { sizeof: 56, en_sit: 24, en_result: 32, en_longindex: 40 },
  /** by hand: Objects/enumobject.c */
  reversedobject: { sizeof: 32, seq: 24 },
  /** by hand: Python/bltinmodule.c */
  filterobject: { sizeof: 32, func: 16, it: 24 },
  /** by hand: Python/bltinmodule.c */
  mapobject: { sizeof: 40, iters: 16, func: 24 },
  /** by hand: Python/bltinmodule.c */
  zipobject: { sizeof: 48, ittuple: 24, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  chainobject: { sizeof: 32, source: 16, active: 24 },
  /** by hand: Modules/itertoolsmodule.c */
  isliceobject: { sizeof: 56, it: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  cycleobject: { sizeof: 40, it: 16, saved: 24 },
  /** by hand: Modules/itertoolsmodule.c */
  teeobject: { sizeof: 48, dataobj: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  teedataobject: { sizeof: 496, it: 16, nextlink: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  groupbyobject: { sizeof: 72, it: 16, keyfunc: 24, tgtkey: 32, currkey: 40, currvalue: 48, currgrouper: 56 },
  /** by hand: Modules/itertoolsmodule.c */
  repeatobject: { sizeof: 32, element: 16 },
  /** by hand: Modules/itertoolsmodule.c */
  accumulateobject: { sizeof: 56, total: 16, it: 24, binop: 32, initial: 40 },
  /** by hand: Modules/itertoolsmodule.c */
  productobject: { sizeof: 48, pools: 16, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  combinationsobject: { sizeof: 56, pool: 16, result: 32 },
  /** by hand: Modules/itertoolsmodule.c */
  starmapobject: { sizeof: 32, func: 16, it: 24 },
  /** by hand: Modules/_operator.c */
  itemgetterobject: { sizeof: 48, item: 24 },
  /** by hand: Modules/_operator.c */
  methodcallerobject: {
    sizeof: 64,
    name: 16,
    xargs: 24,
    kwds: 32,
    vectorcall_args: 40,
    vectorcall_kwnames: 48,
  },
  /** by hand: Modules/_csv.c */
  ReaderObj: { sizeof: 88, input_iter: 16, dialect: 24, fields: 32 },
  /** Include/internal/pycore_interp_structs.h */
  gc_generation: { sizeof: 24, threshold: 16, count: 20 },
  /** Include/internal/pycore_interp_structs.h */
  gc_generation_stats: { sizeof: 24, collections: 0, collected: 8, uncollectable: 16 },
  /** Include/internal/pycore_interp_structs.h */
  _gc_runtime_state: {
    sizeof: 264,
    enabled: 12,
    generations: 24,
    permanent_generation: 96,
    generation_stats: 120,
    collecting: 192,
    garbage: 200,
    long_lived_total: 240,
    long_lived_pending: 248,
    generation0: 256,
  },
  /** Include/internal/pycore_interp_structs.h */
  PyInterpreterState: { sizeof: 225864, next: 7272, head: 7344, modules: 7688, gc: 7408, gil: 16 },
  /** Include/internal/pycore_gil.h */
  _gil_runtime_state: { sizeof: 208, last_holder: 8, locked: 16 },
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
  /** Include/internal/pycore_debug_offsets.h */
  _Py_DebugOffsets: {
    sizeof: 760,
    version: 8,
    free_threaded: 16,
    interpreters_head: 40,
    next: 64,
    threads_head: 72,
    imports_modules: 96,
    gc: 88,
    ceval_gil: 120,
    gil_runtime_state: 128,
    gil_runtime_state_locked: 144,
    gil_runtime_state_holder: 152,
  },
  MANAGED_DICT_OFFSET: -24,
} as const;
