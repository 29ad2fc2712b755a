// The structs that are read, and their fields. A field is missing where a version has not got it; of several
// spellings with a bar between them, the first that the version has. A field of a struct within is named by its last
// part.

/** @type {Readonly<Record<string, string>>} */
export const STRUCTS = {
  PyObject: "ob_refcnt ob_tid ob_gc_bits ob_ref_local ob_ref_shared ob_type",
  PyVarObject: "ob_size",
  PyGC_Head: "_gc_next _gc_prev gc.gc_next gc.gc_prev gc.gc_refs",

  PyTypeObject:
    "tp_name tp_basicsize tp_itemsize tp_flags tp_weaklistoffset tp_base tp_dict tp_dictoffset tp_bases tp_mro tp_cache tp_subclasses tp_members",
  PyHeapTypeObject: "ht_name ht_slots ht_qualname ht_cached_keys ht_module",
  PyMemberDef: "name type offset",
  PyDescrObject: "d_type d_name",
  PyMemberDescrObject: "d_member",

  PyLongObject: "ob_digit|long_value.ob_digit long_value.lv_tag",
  PyFloatObject: "ob_fval",
  PyComplexObject: "cval.real cval.imag",

  PyASCIIObject: "length hash state wstr",
  PyCompactUnicodeObject: "utf8_length utf8 wstr_length",
  PyUnicodeObject: "data",
  PyBytesObject: "ob_sval",
  PyByteArrayObject: "ob_alloc ob_bytes ob_start ob_bytes_object",

  PyTupleObject: "ob_item",
  PyListObject: "ob_item allocated",
  PySetObject: "fill used mask table smalltable",
  setentry: "key hash",
  PyDictObject: "ma_used ma_keys ma_values",
  PyFrozenDictObject: "ma_hash",
  PyDictKeysObject:
    "dk_refcnt dk_size dk_log2_size dk_log2_index_bytes dk_kind dk_usable dk_nentries dk_indices",
  PyDictKeyEntry: "me_hash me_key me_value",
  PyDictUnicodeEntry: "me_key me_value",
  PyDictValues: "capacity size embedded valid values",
  dequeobject: "leftblock rightblock leftindex rightindex maxlen",
  block: "leftlink data rightlink",
  PyODictObject: "od_first od_last od_fast_nodes od_fast_nodes_size",
  _ODictNode: "key hash next prev",
  defdictobject: "default_factory",

  PyModuleObject: "md_dict md_def md_state md_name md_state_size",
  PyModuleDef_Base: "m_copy",
  PyModuleDef: "m_size",
  PyFunctionObject:
    "func_globals func_builtins func_code func_defaults func_kwdefaults func_closure func_doc func_name func_dict func_module func_annotations func_qualname",
  _PyOpcache: "optimized",
  _PyCodeArray: "size entries",
  PyCodeObject:
    "co_argcount co_kwonlyargcount co_flags co_nlocals co_nlocalsplus co_stacksize co_firstlineno co_code co_consts co_names co_exceptiontable co_varnames co_freevars co_cellvars co_cell2arg co_localsplusnames co_localspluskinds co_filename co_name co_qualname co_lnotab co_linetable co_opcache co_opcache_size co_code_adaptive _co_firsttraceable co_tlbc",
  PyFrameObject:
    "f_back f_code f_builtins f_globals f_locals f_valuestack f_stacktop f_stackdepth f_trace f_lasti f_state f_localsplus f_frame f_extra_locals f_locals_cache",
  _PyInterpreterFrame:
    "f_code f_executable f_func f_funcobj f_globals f_locals previous frame_obj prev_instr instr_ptr stacktop stackpointer owner localsplus tlbc_index",
  PyGenObject: "gi_frame gi_running gi_code gi_name gi_qualname gi_exc_state gi_frame_state gi_iframe",
  PyCoroObject: "cr_origin_or_finalizer",
  PyThreadState:
    "prev next interp frame|cframe|current_frame thread_id native_thread_id exc_info curexc_type curexc_value|current_exception datastack_chunk datastack_top datastack_limit",
  _PyCFrame: "current_frame",
  _PyStackChunk: "previous size top data",
  _PyErr_StackItem: "exc_value previous_item",
  lockobject: "lock_lock|lock",
  rlockobject: "rlock_lock|lock rlock_owner|lock.thread rlock_count|lock.level",
  PyBaseExceptionObject: "dict args notes traceback context cause",
  PyStopIterationObject: "value",
  PyOSErrorObject: "myerrno strerror filename filename2",
  PyMethodObject: "im_func im_self",
  PyCFunctionObject: "m_ml m_self m_module",
  PyMethodDef: "ml_name",
  PyWeakReference: "wr_object wr_callback",
  PyCellObject: "ob_ref",
  PySliceObject: "start stop step",
  PyTracebackObject: "tb_next tb_frame",
  rangeobject: "start stop step",
  mappingproxyobject: "mapping",
  propertyobject: "prop_get prop_set prop_del prop_doc",
  classmethod: "cm_callable",
  staticmethod: "sm_callable",
  _PyNamespaceObject: "ns_dict",
  partialobject: "fn args kw",
  lru_list_elem: "prev next key result",
  lru_cache_object: "cache maxsize",
  localobject: "args",

  arrayobject: "ob_item allocated ob_descr",
  arraydescr: "itemsize",
  PyDecObject: "dec.flags dec.alloc",
  PyStructObject: "s_codes",
  formatcode: "fmtdef",
  fileio: "fd created",
  buffered: "raw buffer buffer_size",
  textio: "buffer",
  bytesio: "buf",
  PySocketSockObject: "sock_fd sock_family sock_type sock_timeout",
  mmap_object: "data size",
  PyMemoryViewObject: "mbuf view.obj",
  simplequeueobject: "lst buf.get_idx buf.items buf.items_cap buf.num_items",
  FutureObj:
    "fut_loop fut_callback0 fut_context0 fut_callbacks fut_exception fut_exception_tb fut_result fut_source_tb fut_cancel_msg fut_cancelled_exc fut_awaited_by fut_state",
  TaskObj: "task_fut_waiter task_coro task_name task_context",
  contextobject: "ctx_prev ctx_vars",
  contextvarobject: "var_name var_default var_cached",
  contexttokenobject: "tok_ctx tok_var tok_oldval",
  hamtobject: "h_root",
  _abc_data: "_abc_registry _abc_cache _abc_negative_cache",

  seqiterobject: "it_seq",
  calliterobject: "it_callable it_sentinel",
  dictiterobject: "di_dict di_result",
  setiterobject: "si_set",
  enumobject: "en_sit en_result en_longindex",
  reversedobject: "seq",
  filterobject: "func it",
  mapobject: "iters func",
  zipobject: "ittuple result",
  chainobject: "source active",
  isliceobject: "it",
  cycleobject: "it saved",
  teeobject: "dataobj",
  teedataobject: "it nextlink",
  groupbyobject: "it keyfunc tgtkey currkey currvalue currgrouper",
  repeatobject: "element",
  accumulateobject: "total it binop initial",
  productobject: "pools result",
  combinationsobject: "pool result",
  starmapobject: "func it",
  itemgetterobject: "item",
  methodcallerobject: "name args|xargs kwds vectorcall_args vectorcall_kwnames",
  ReaderObj: "input_iter dialect fields",

  gc_generation: "threshold count",
  gc_generation_stats: "collections collected uncollectable",
  gc_stats: "old",
  gc_old_stats_buffer: "items index",
  _gc_runtime_state:
    "enabled generations|young permanent_generation generation_stats collecting garbage long_lived_total long_lived_pending generation0",
  PyInterpreterState: "next tstate_head|threads.head modules|imports.modules gc ceval.gil",
  _gil_runtime_state: "last_holder locked",
  _PyRuntimeState: "interpreters.head interpreters.main ceval.gil",

  _Py_hashtable_t:
    "nentries|entries nbuckets|num_buckets buckets get_entry_func hash_func compare_func key_destroy_func value_destroy_func key_size data_size alloc.malloc alloc.free",
  _Py_hashtable_entry_t: "_Py_slist_item key_hash key value",
  _PyTraceMalloc_Config: "initialized tracing max_nframe",
  trace_t: "size traceback",
  traceback_t: "hash nframe total_nframe frames",
  frame_t: "filename lineno",
  _tracemalloc_runtime_state:
    "config.initialized config.tracing config.max_nframe traced_memory peak_traced_memory filenames traceback tracebacks traces domains",

  _Py_DebugOffsets:
    "version free_threaded runtime_state.interpreters_head interpreter_state.next interpreter_state.threads_head interpreter_state.imports_modules interpreter_state.gc interpreter_state.ceval_gil interpreter_state.gil_runtime_state interpreter_state.gil_runtime_state_locked interpreter_state.gil_runtime_state_holder",
};

/** Macros with a number of bytes. */
export const CONSTANTS = ["MANAGED_DICT_OFFSET", "MANAGED_VALUES_OFFSET"];
