import type { Containers } from "./containers.ts";
import type { Heap, PyObject } from "./heap.ts";
import type { Types } from "./types.ts";
import type { Values } from "./values.ts";

export interface CodePlan {
  readonly name: string;
  /** Of methods `Class.name`; since 3.11 in the code, before in the function alone. */
  readonly qualname?: string;
  readonly file: string;
  readonly line: number;
  readonly locals?: readonly string[];
  readonly cells?: readonly string[];
  readonly free?: readonly string[];
  readonly stackSize?: number;
  readonly names?: readonly string[];
  readonly consts?: readonly PyObject[];
  /** The table of lines; empty unless given. */
  readonly lines?: Uint8Array;
  /** Bytes of instructions, zeros unless given. */
  readonly instructions?: number;
  /** The instructions: a number and an argument each. */
  readonly bytecode?: Uint8Array;
  /** How many of the locals are parameters. */
  readonly parameters?: number;
}

export interface FunctionPlan {
  readonly code: PyObject;
  readonly module: string;
  readonly name: string;
  readonly qualname?: string;
  readonly globals: PyObject;
  readonly closure?: PyObject;
  readonly defaults?: PyObject;
  readonly kwdefaults?: PyObject;
  readonly dict?: PyObject;
}

/** Makes code, functions, cells and methods. */
export class Code {
  readonly #heap: Heap;
  readonly #types: Types;
  readonly #values: Values;
  readonly #containers: Containers;

  constructor(heap: Heap, types: Types, values: Values, containers: Containers) {
    this.#heap = heap;
    this.#types = types;
    this.#values = values;
    this.#containers = containers;
  }

  /** PyCodeObject. Up to 3.10 its instructions are a bytes object, since then they follow the struct. */
  code(plan: CodePlan): PyObject {
    const { memory, structs, minor } = this.#heap;
    const { locals = [], cells = [], free = [] } = plan;
    const isNew = minor >= 11;
    const instructions = plan.bytecode?.length ?? plan.instructions ?? 8;
    const object = this.#heap.make(this.#types.get("code"), structs.codeBytes + (isNew ? instructions : 0));
    const at = object.address;
    const hold = (field: number, value: PyObject) => this.#heap.hold(at + field, value);
    const names = (texts: readonly string[]) =>
      this.#containers.tuple(texts.map((text) => this.#values.str(text, 1)));
    memory.u32(at + structs.codeStackSize, plan.stackSize ?? 2);
    memory.u32(at + structs.codeFirstLine, plan.line);
    memory.u32(at + structs.codeArgCount, plan.parameters ?? 0);
    memory.u32(at + structs.codeLocals, isNew ? locals.length + cells.length + free.length : locals.length);
    hold(structs.codeConsts, this.#containers.tuple(plan.consts ?? []));
    hold(structs.codeNames, names(plan.names ?? []));
    if (isNew) {
      // PyVarObject.ob_size, in instructions of two bytes.
      memory.u64(at + 16, instructions / 2);
      for (const [i, byte] of (plan.bytecode ?? []).entries()) memory.u8(at + structs.codeBytes + i, byte);
      hold(structs.codeExceptions, this.#values.bytes(new Uint8Array(0)));
      hold(structs.codeLocalsPlusNames, names([...locals, ...cells, ...free]));
      hold(structs.codeLocalsPlusKinds, this.#values.bytes(new Uint8Array(locals.length)));
      hold(structs.codeQualname, this.#values.str(plan.qualname ?? plan.name));
    } else {
      hold(structs.codeBytecode, this.#values.bytes(plan.bytecode ?? new Uint8Array(instructions).fill(100)));
      hold(structs.codeVarNames, names(locals));
      hold(structs.codeCellNames, names(cells));
      hold(structs.codeFreeNames, names(free));
    }
    hold(structs.codeFileName, this.#values.str(plan.file));
    hold(structs.codeName, this.#values.str(plan.name));
    hold(structs.codeLines, this.#values.bytes(plan.lines ?? new Uint8Array(0)));
    return object;
  }

  /** PyFunctionObject. */
  function(plan: FunctionPlan): PyObject {
    const { structs } = this.#heap;
    const object = this.#heap.make(this.#types.get("function"), structs.functionBytes);
    const hold = (field: number, value: PyObject | undefined) =>
      this.#heap.hold(object.address + field, value ?? null);
    hold(structs.functionCode, plan.code);
    hold(structs.functionGlobals, plan.globals);
    hold(structs.functionName, this.#values.str(plan.name));
    hold(structs.functionQualname, this.#values.str(plan.qualname ?? plan.name));
    hold(structs.functionModule, this.#values.str(plan.module));
    hold(structs.functionDefaults, plan.defaults);
    hold(structs.functionKwdefaults, plan.kwdefaults);
    hold(structs.functionClosure, plan.closure);
    hold(structs.functionDict, plan.dict);
    return object;
  }

  /** PyCellObject: ob_ref. */
  cell(content: PyObject | null): PyObject {
    const object = this.#heap.make(this.#types.get("cell"), 24);
    this.#heap.hold(object.address + 16, content);
    return object;
  }

  /** PyMethodObject: im_func, im_self. */
  method(func: PyObject, self: PyObject): PyObject {
    const object = this.#heap.make(this.#types.get("method"), this.#heap.structs.methodBytes);
    this.#heap.hold(object.address + 16, func);
    this.#heap.hold(object.address + 24, self);
    return object;
  }
}
