/* Structs that stand in CPython's .c files, or in headers that are not installed: copied by hand, as far as their
   fields are read. Each says its file and the versions that it holds for; where it changed, each form does.
   Sizes and offsets still come from the compiler, by the version's own PyObject_HEAD. */

/* Structs without a name of one word. */
typedef struct gc_generation gc_generation;
typedef struct gc_generation_stats gc_generation_stats;
typedef struct _gc_runtime_state _gc_runtime_state;
typedef struct gc_stats gc_stats;
typedef struct gc_old_stats_buffer gc_old_stats_buffer;
typedef struct _gil_runtime_state _gil_runtime_state;
typedef struct _PyTraceMalloc_Config _PyTraceMalloc_Config;

/* by hand: Objects/dict-common.h, 3.6 to 3.10 */
#if PY_VERSION_HEX < 0x030B0000
struct _dictkeysobject {
  Py_ssize_t dk_refcnt;
  Py_ssize_t dk_size;
  void *dk_lookup;
  Py_ssize_t dk_usable;
  Py_ssize_t dk_nentries;
  char dk_indices[];
};
typedef struct {
  Py_hash_t me_hash;
  PyObject *me_key;
  PyObject *me_value;
} PyDictKeyEntry;
#endif

/* by hand: Objects/moduleobject.c, 3.6 to 3.9 */
#if PY_VERSION_HEX < 0x030A0000
typedef struct {
  PyObject_HEAD
  PyObject *md_dict;
  struct PyModuleDef *md_def;
  void *md_state;
  PyObject *md_weaklist;
  PyObject *md_name;
} PyModuleObject;
#endif

/* by hand: Objects/descrobject.c, 3.6 to 3.11 */
#if PY_VERSION_HEX < 0x030C0000
typedef struct {
  PyObject_HEAD
  PyObject *prop_get;
  PyObject *prop_set;
  PyObject *prop_del;
  PyObject *prop_doc;
} propertyobject;
#endif

/* by hand: Objects/descrobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *mapping;
} mappingproxyobject;

/* by hand: Objects/funcobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *cm_callable;
  PyObject *cm_dict;
} classmethod;
typedef struct {
  PyObject_HEAD
  PyObject *sm_callable;
  PyObject *sm_dict;
} staticmethod;

/* by hand: Objects/namespaceobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *ns_dict;
} _PyNamespaceObject;

/* by hand: Objects/rangeobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *start;
  PyObject *stop;
  PyObject *step;
  PyObject *length;
} rangeobject;

/* by hand: Objects/odictobject.c, 3.6 to 3.15 */
typedef struct _odictnode {
  PyObject *key;
  Py_hash_t hash;
  struct _odictnode *next;
  struct _odictnode *prev;
} _ODictNode;
struct _odictobject {
  PyDictObject od_dict;
  _ODictNode *od_first;
  _ODictNode *od_last;
  _ODictNode **od_fast_nodes;
  Py_ssize_t od_fast_nodes_size;
  void *od_resize_sentinel;
  size_t od_state;
  PyObject *od_inst_dict;
  PyObject *od_weakreflist;
};

/* by hand: Modules/_collectionsmodule.c, 3.6 to 3.15 */
#define BLOCKLEN 64
typedef struct BLOCK {
  struct BLOCK *leftlink;
  PyObject *data[BLOCKLEN];
  struct BLOCK *rightlink;
} block;
typedef struct {
  PyObject_VAR_HEAD
  block *leftblock;
  block *rightblock;
  Py_ssize_t leftindex;
  Py_ssize_t rightindex;
  size_t state;
  Py_ssize_t maxlen;
} dequeobject;
typedef struct {
  PyDictObject dict;
  PyObject *default_factory;
} defdictobject;

/* by hand: Modules/_functoolsmodule.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *fn;
  PyObject *args;
  PyObject *kw;
} partialobject;
typedef struct lru_list_elem {
  PyObject_HEAD
  struct lru_list_elem *prev, *next;
  Py_hash_t hash;
  PyObject *key, *result;
} lru_list_elem;

/* by hand: Modules/_functoolsmodule.c, 3.8 to 3.15 */
#if PY_VERSION_HEX >= 0x03080000
typedef struct lru_cache_object {
  lru_list_elem root;
  void *wrapper;
  int typed;
  PyObject *cache;
  Py_ssize_t hits;
  PyObject *func;
  Py_ssize_t maxsize;
} lru_cache_object;
#endif

/* by hand: Modules/_threadmodule.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *key;
  PyObject *args;
  PyObject *kw;
  PyObject *weakreflist;
  PyObject *dummies;
  PyObject *wr_callback; /* 3.13 on: thread_watchdogs */
} localobject;

/* by hand: Modules/_threadmodule.c, 3.6 to 3.15: locks are semaphores of malloc's up to 3.13, mutexes since */
#if PY_VERSION_HEX < 0x030E0000
typedef struct {
  PyObject_HEAD
  void *lock_lock;
} lockobject;
typedef struct {
  PyObject_HEAD
  void *rlock_lock;
  unsigned long rlock_owner;
  unsigned long rlock_count;
} rlockobject;
#else
typedef struct {
  PyObject_HEAD
  PyMutex lock;
} lockobject;
typedef struct {
  PyObject_HEAD
  struct {
    PyMutex mutex;
    unsigned long long thread;
    size_t level;
  } lock;
} rlockobject;
#endif

/* by hand: Modules/arraymodule.c, 3.6 to 3.15 */
typedef struct arraydescr {
  char typecode;
  int itemsize;
} arraydescr;
typedef struct {
  PyObject_VAR_HEAD
  char *ob_item;
  Py_ssize_t allocated;
  const struct arraydescr *ob_descr;
} arrayobject;

/* by hand: Modules/_decimal/libmpdec/mpdecimal.h, 3.6 to 3.15 */
typedef struct mpd_t {
  uint8_t flags;
  int64_t exp;
  int64_t digits;
  int64_t len;
  int64_t alloc;
  uint64_t *data;
} mpd_t;

/* by hand: Modules/_decimal/_decimal.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  Py_hash_t hash;
  mpd_t dec;
} PyDecObject;

/* by hand: Modules/_struct.c, 3.6 to 3.15 */
typedef struct _formatcode {
  const void *fmtdef;
  Py_ssize_t offset;
  Py_ssize_t size;
  Py_ssize_t repeat;
} formatcode;
typedef struct {
  PyObject_HEAD
  Py_ssize_t s_size;
  Py_ssize_t s_len;
  formatcode *s_codes;
} PyStructObject;

/* by hand: Modules/_io/fileio.c, 3.6 to 3.15; created is the lowest bit of its byte, readable, writable and appending follow */
typedef struct {
  PyObject_HEAD
  int fd;
  unsigned char created;
} fileio;

/* by hand: Modules/_io/bufferedio.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *raw;
  int ok;
  int detached;
  int readable;
  int writable;
  char finalizing;
  int fast_closed_checks;
  int64_t abs_pos;
  char *buffer;
  int64_t pos;
  int64_t raw_pos;
  int64_t read_end;
  int64_t write_pos;
  int64_t write_end;
  void *lock;
  volatile unsigned long owner;
  Py_ssize_t buffer_size;
} buffered;

/* by hand: Modules/_io/bytesio.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *buf;
  Py_ssize_t pos;
  Py_ssize_t string_size;
  PyObject *dict;
  PyObject *weakreflist;
  Py_ssize_t exports;
} bytesio;

/* by hand: Modules/_io/textio.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  int ok;
  int detached;
  Py_ssize_t chunk_size;
  PyObject *buffer;
} textio;

/* by hand: Modules/socketmodule.h, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  int sock_fd;
  int sock_family;
  int sock_type;
  int sock_proto;
  void *errorhandler;
  int64_t sock_timeout;
} PySocketSockObject;

/* by hand: Modules/mmapmodule.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  char *data;
  Py_ssize_t size;
} mmap_object;

/* by hand: Modules/hashtable.h, 3.6 to 3.8; key and data follow an entry, as large as key_size and data_size say */
#if PY_VERSION_HEX < 0x03090000
typedef struct _Py_slist_item_s {
  struct _Py_slist_item_s *next;
} _Py_slist_item_t;
typedef struct {
  _Py_slist_item_t _Py_slist_item;
  Py_uhash_t key_hash;
} _Py_hashtable_entry_t;
typedef struct {
  size_t num_buckets;
  size_t entries;
  void *buckets;
  size_t key_size;
  size_t data_size;
  void *hash_func;
  void *compare_func;
  struct {
    void *malloc;
    void *free;
  } alloc;
} _Py_hashtable_t;
#endif

/* by hand: Modules/_tracemalloc.c, 3.6 to 3.12; Python/tracemalloc.c, 3.13 to 3.15. From 3.15 on filename is a char * */
typedef struct __attribute__((packed)) {
  PyObject *filename;
  unsigned int lineno;
} frame_t;

/* by hand: Modules/_tracemalloc.c, 3.6 to 3.8 */
#if PY_VERSION_HEX < 0x03090000
typedef struct {
  Py_uhash_t hash;
  int nframe;
  frame_t frames[1];
} traceback_t;
#endif

/* by hand: Modules/_tracemalloc.c, 3.9 to 3.11; a header has it since */
#if PY_VERSION_HEX >= 0x03090000 && PY_VERSION_HEX < 0x030C0000
typedef struct {
  Py_uhash_t hash;
  uint16_t nframe;
  uint16_t total_nframe;
  frame_t frames[1];
} traceback_t;
#endif
#if PY_VERSION_HEX >= 0x030C0000
typedef struct tracemalloc_traceback traceback_t;
typedef struct _tracemalloc_runtime_state _tracemalloc_runtime_state;
#endif

/* by hand: Modules/_tracemalloc.c, 3.6 to 3.12; Python/tracemalloc.c, 3.13 to 3.15 */
typedef struct {
  size_t size;
  void *traceback;
} trace_t;


/* by hand: Modules/_queuemodule.c, 3.7 to 3.15 */
#if PY_VERSION_HEX >= 0x030D0000
typedef struct {
  PyObject_HEAD
  char has_threads_waiting;
  struct {
    Py_ssize_t put_idx;
    Py_ssize_t get_idx;
    PyObject **items;
    Py_ssize_t items_cap;
    Py_ssize_t num_items;
  } buf;
  PyObject *weakreflist;
} simplequeueobject;
#elif PY_VERSION_HEX >= 0x03070000
typedef struct {
  PyObject_HEAD
  void *lock;
  int locked;
  PyObject *lst;
  Py_ssize_t lst_pos;
  PyObject *weakreflist;
} simplequeueobject;
#endif

/* by hand: Modules/_asynciomodule.c, 3.8 to 3.15, as the last patch release of each has it; tasks begin like futures */
#if PY_VERSION_HEX >= 0x03080000
typedef struct {
  PyObject_HEAD
  PyObject *fut_loop;
  PyObject *fut_callback0;
  PyObject *fut_context0;
  PyObject *fut_callbacks;
  PyObject *fut_exception;
#if PY_VERSION_HEX >= 0x030A0000
  PyObject *fut_exception_tb;
#endif
  PyObject *fut_result;
  PyObject *fut_source_tb;
#if PY_VERSION_HEX >= 0x03090000
  PyObject *fut_cancel_msg;
#endif
#if PY_VERSION_HEX >= 0x030D0000
  PyObject *fut_cancelled_exc;
#if PY_VERSION_HEX >= 0x030E0000
  PyObject *fut_awaited_by;
#endif
  int fut_state;
  char flags[4];
#else
  int fut_state;
  int fut_log_tb;
  int fut_blocking;
  PyObject *dict;
  PyObject *fut_weakreflist;
#if PY_VERSION_HEX >= 0x030B0000
  PyObject *fut_cancelled_exc;
#elif PY_VERSION_HEX >= 0x03090000
  void *fut_cancelled_exc_state[4];
#endif
#endif
} FutureObj;
typedef struct {
  FutureObj future;
#if PY_VERSION_HEX >= 0x030D0000
  /* its other flags are bits of the future's */
  int task_num_cancels_requested;
#endif
  PyObject *task_fut_waiter;
  PyObject *task_coro;
  PyObject *task_name;
  PyObject *task_context;
#if PY_VERSION_HEX >= 0x030E0000
  void *task_node[2];
#ifdef Py_GIL_DISABLED
  uintptr_t task_tid;
#endif
#elif PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000
  int flags[3];
#elif PY_VERSION_HEX < 0x030B0000
  int flags[2];
#endif
} TaskObj;
#endif

/* by hand: Objects/iterobject.c, 3.6 to 3.15; the iterators of lists, tuples and strings are alike */
typedef struct {
  PyObject_HEAD
  Py_ssize_t it_index;
  PyObject *it_seq;
} seqiterobject;
typedef struct {
  PyObject_HEAD
  PyObject *it_callable;
  PyObject *it_sentinel;
} calliterobject;

/* by hand: Objects/dictobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyDictObject *di_dict;
  Py_ssize_t di_used;
  Py_ssize_t di_pos;
  PyObject *di_result;
  Py_ssize_t len;
} dictiterobject;

/* by hand: Objects/setobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PySetObject *si_set;
  Py_ssize_t si_used;
  Py_ssize_t si_pos;
  Py_ssize_t len;
} setiterobject;

/* by hand: Objects/enumobject.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  Py_ssize_t en_index;
  PyObject *en_sit;
  PyObject *en_result;
  PyObject *en_longindex;
#if PY_VERSION_HEX >= 0x030B0000
  PyObject *one;
#endif
} enumobject;
typedef struct {
  PyObject_HEAD
  Py_ssize_t index;
  PyObject *seq;
} reversedobject;

/* by hand: Python/bltinmodule.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *func;
  PyObject *it;
} filterobject;
typedef struct {
  PyObject_HEAD
  PyObject *iters;
  PyObject *func;
#if PY_VERSION_HEX >= 0x030E0000
  int strict;
#endif
} mapobject;
typedef struct {
  PyObject_HEAD
  Py_ssize_t tuplesize;
  PyObject *ittuple;
  PyObject *result;
#if PY_VERSION_HEX >= 0x030A0000
  int strict;
#endif
} zipobject;

/* by hand: Modules/itertoolsmodule.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *source;
  PyObject *active;
} chainobject;
typedef struct {
  PyObject_HEAD
  PyObject *it;
  Py_ssize_t next;
  Py_ssize_t stop;
  Py_ssize_t step;
  Py_ssize_t cnt;
} isliceobject;
typedef struct {
  PyObject_HEAD
  PyObject *it;
  PyObject *saved;
  Py_ssize_t index;
#if PY_VERSION_HEX < 0x030E0000
  int firstpass;
#endif
} cycleobject;
typedef struct {
  PyObject_HEAD
  PyObject *it;
  int numread;
  int running;
  PyObject *nextlink;
  PyObject *values[57];
} teedataobject;
typedef struct {
  PyObject_HEAD
  teedataobject *dataobj;
  int index;
  PyObject *weakreflist;
#if PY_VERSION_HEX >= 0x030C0000
  void *state;
#endif
} teeobject;
typedef struct {
  PyObject_HEAD
  PyObject *it;
  PyObject *keyfunc;
  PyObject *tgtkey;
  PyObject *currkey;
  PyObject *currvalue;
  const void *currgrouper; /* borrowed */
#if PY_VERSION_HEX >= 0x030C0000
  void *state;
#endif
} groupbyobject;
typedef struct {
  PyObject_HEAD
  PyObject *element;
  Py_ssize_t cnt;
} repeatobject;
typedef struct {
  PyObject_HEAD
  PyObject *total;
  PyObject *it;
  PyObject *binop;
  PyObject *initial;
#if PY_VERSION_HEX >= 0x030C0000
  void *state;
#endif
} accumulateobject;
typedef struct {
  PyObject_HEAD
  PyObject *pools;
  Py_ssize_t *indices;
  PyObject *result;
  int stopped;
} productobject;
typedef struct {
  PyObject_HEAD
  PyObject *pool;
  Py_ssize_t *indices;
  PyObject *result;
  Py_ssize_t r;
  int stopped;
} combinationsobject;
typedef struct {
  PyObject_HEAD
  PyObject *func;
  PyObject *it;
} starmapobject;

/* by hand: Modules/_operator.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  Py_ssize_t nitems;
  PyObject *item;
  Py_ssize_t index;
#if PY_VERSION_HEX >= 0x030B0000
  void *vectorcall;
#endif
} itemgetterobject;
typedef struct {
  PyObject_HEAD
  PyObject *name;
#if PY_VERSION_HEX >= 0x030D0000
  PyObject *xargs;
  PyObject *kwds;
  PyObject *vectorcall_args;
  PyObject *vectorcall_kwnames;
  void *vectorcall;
#else
  PyObject *args;
  PyObject *kwds;
#endif
} methodcallerobject;

/* by hand: Modules/_csv.c, 3.6 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *input_iter;
  PyObject *dialect;
  PyObject *fields;
  int state;
  Py_UCS4 *field;
  Py_ssize_t field_size;
  Py_ssize_t field_len;
  int numeric_field;
  unsigned long line_num;
} ReaderObj;

/* by hand: Include/internal/pycore_context.h and pycore_hamt.h, 3.7 to 3.15 */
#if PY_VERSION_HEX >= 0x03070000
typedef struct {
  PyObject_HEAD
  void *ctx_prev;
  PyObject *ctx_vars;
  PyObject *ctx_weakreflist;
  int ctx_entered;
} contextobject;
typedef struct {
  PyObject_HEAD
  PyObject *var_name;
  PyObject *var_default;
  PyObject *var_cached;
  uint64_t var_cached_tsid;
  uint64_t var_cached_tsver;
  Py_hash_t var_hash;
} contextvarobject;
typedef struct {
  PyObject_HEAD
  PyObject *tok_ctx;
  PyObject *tok_var;
  PyObject *tok_oldval;
  int tok_used;
} contexttokenobject;
typedef struct {
  PyObject_HEAD
  PyObject *h_root;
  PyObject *h_weakreflist;
  Py_ssize_t h_count;
} hamtobject;
/* by hand: Modules/_abc.c, 3.7 to 3.15 */
typedef struct {
  PyObject_HEAD
  PyObject *_abc_registry;
  PyObject *_abc_cache;
  PyObject *_abc_negative_cache;
  uint64_t _abc_negative_cache_version;
} _abc_data;
#endif

/* by hand: Include/internal/pycore_object.h, 3.11 (_PyObject_ValuesPointer, _PyObject_ManagedDictPointer) and 3.12
   (_PyObject_DictOrValuesPointer); macros since */
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
#define MANAGED_VALUES_OFFSET (-4 * (int)sizeof(PyObject *))
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000
#define MANAGED_DICT_OFFSET (-3 * (int)sizeof(PyObject *))
#endif
