/* Structs that stand in CPython's .c files, or in headers that are not installed: copied by hand, as far as their
   fields are read. Each says its file and the versions that it holds for; where it changed, each form does.
   Sizes and offsets still come from the compiler, by the version's own PyObject_HEAD. */

/* Structs without a name of one word. */
typedef struct gc_generation gc_generation;
typedef struct gc_generation_stats gc_generation_stats;
typedef struct _gc_runtime_state _gc_runtime_state;
typedef struct gc_stats gc_stats;
typedef struct gc_old_stats_buffer gc_old_stats_buffer;

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
} bytesio;

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

/* by hand: Include/internal/pycore_object.h, 3.11 (_PyObject_ValuesPointer, _PyObject_ManagedDictPointer) and 3.12
   (_PyObject_DictOrValuesPointer); macros since */
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
#define MANAGED_VALUES_OFFSET (-4 * (int)sizeof(PyObject *))
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000
#define MANAGED_DICT_OFFSET (-3 * (int)sizeof(PyObject *))
#endif
