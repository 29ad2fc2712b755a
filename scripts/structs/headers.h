/* The version's own headers, those that the interpreter keeps to itself among them. */
#define Py_BUILD_CORE 1
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <Python.h>
#include <structmember.h>
#if PY_VERSION_HEX < 0x030B0000
#include <frameobject.h>
#endif
#if __has_include("internal/pycore_gc.h")
#include "internal/pycore_gc.h"
#endif
#if __has_include("internal/pycore_object.h")
#include "internal/pycore_object.h"
#endif
#if PY_VERSION_HEX >= 0x03080000
#include "internal/pycore_code.h"
#include "internal/pycore_pymem.h"
#endif
#if PY_VERSION_HEX >= 0x03080000
#include "internal/pycore_pystate.h"
#endif
#if PY_VERSION_HEX >= 0x03090000
#include "internal/pycore_interp.h"
#endif
#if __has_include("internal/pycore_runtime.h")
#include "internal/pycore_runtime.h"
#endif
#if PY_VERSION_HEX >= 0x030A0000
#include "internal/pycore_moduleobject.h"
#endif
#if PY_VERSION_HEX >= 0x030B0000
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_genobject.h"
#endif
#if __has_include("internal/pycore_descrobject.h")
#include "internal/pycore_descrobject.h"
#endif
#if __has_include("internal/pycore_interpframe_structs.h")
#include "internal/pycore_interpframe_structs.h"
#endif
#if __has_include("internal/pycore_debug_offsets.h")
#include "internal/pycore_debug_offsets.h"
#elif PY_VERSION_HEX >= 0x030D0000
#include "internal/pycore_runtime.h"
#endif
#if __has_include("internal/pycore_hashtable.h")
#include "internal/pycore_hashtable.h"
#endif
#if __has_include("internal/pycore_tracemalloc.h")
#include "internal/pycore_tracemalloc.h"
#endif
#include "by-hand.h"
