import { type LibraryNames, withoutInterpreter } from "../../runtimes/index.ts";
import type { Hashed } from "./hashed.ts";
import { systemFile } from "./places.ts";
import { groupEnd } from "./runs.ts";

/** What stands for a text of the process. */
export const LEFT_OUT = "'…'";
/** Items folded, the place in a short tuple: no more than a shape. */
const SHAPE = /^(?:\*|\d)$/;
/** `<locals>`, `<lambda>`, `<module>`, `<listcomp>` in the name of a function. */
const PART = /^<(?:locals|lambda|module|listcomp|dictcomp|setcomp|genexpr)>$/;
/** Of types without a name, and of what is no object. */
const NAMELESS = /^(?:type@0x[0-9a-f]+|native memory|\?|-)$/;
/** The program itself, and what Python gives every object, class, function and module. */
const EVERYWHERE: ReadonlySet<string> = new Set(
  "__main__ __dict__ __class__ __weakref__ __module__ __name__ __qualname__ __doc__ __init__ __new__ __call__ __closure__ __code__ __defaults__ __kwdefaults__ __annotations__ __globals__ __builtins__ __wrapped__ __self__ __func__ __bases__ __base__ __mro__ __slots__ __file__ __spec__ __loader__ __package__ __path__ __cached__ __traceback__ __context__ __cause__ __notes__ __args__ __origin__ __type_params__".split(
    " ",
  ),
);
const FILE_LINE = /^(.*):(\d+|\?)$/s;
/** Where a thread or what is like one stands: `thread 4711 fetch app.py:42`, `60 threads in fetch app.py:42`. */
const STANDING =
  /^((?:[\d,]+ )?(?:threads?|stacks?|tasks?|coroutines?|generators?|async generators?)(?: in| \d+|))((?: \S.*)?)$/s;
const STACK = /^threads? \d+ stack$/;
const DATA = /^(.*) data(\+0x[0-9a-f]+|\*)?$/s;
const ADDRESSED = /^(.*?)( at)?( 0x[0-9a-f]+)$/s;
/** What a path says of parts that have no name in Python, in angle brackets. */
const PARTS_OF_STRUCTS =
  /^(?:garbage|interned|other|stacks|stacks of threads|steps|[\d,]+ steps|held by nothing found|native memory|native memory that nothing found refers to|a part|\?|key|keys|item|items|result|value|values|stack|awaited|cache|defaults|kwdefaults|mapping|mbuf|slot|slots|state|field|subclasses|interpreter \d+|module state|co_[a-z]+)$/;

/** Names of code and files: those of libraries stay, the user's own are hashed, part by part. */
export class CodeNames {
  readonly #hashed: Hashed;
  #libraries: readonly LibraryNames[] = [];

  constructor(hashed: Hashed) {
    this.#hashed = hashed;
  }

  /** Takes names of these for those of libraries as well. */
  know(libraries: readonly LibraryNames[]): void {
    this.#libraries = [...this.#libraries, ...libraries];
  }

  /** Packages whose names are kept. */
  get packages(): string[] {
    return [...new Set(this.#libraries.flatMap(({ packages }) => packages))].sort();
  }

  isModule(name: string): boolean {
    return this.#libraries.some(({ modules }) => modules.has(name)) && !this.#isOwn(name);
  }

  isLibraryName(name: string): boolean {
    return EVERYWHERE.has(name) || this.#libraries.some(({ names }) => names.has(name));
  }

  /** The file's name in its library; null for all other files. */
  fileInLibrary(path: string): string | null {
    for (const library of this.#libraries) {
      const shown = library.fileOf(path);
      if (shown !== null) return shown;
    }
    return null;
  }

  /** A type, or what holds an object, as Python reaches it. */
  path(text: string): string {
    if (NAMELESS.test(text)) return text;
    const own = withoutInterpreter(text);
    if (own !== text) return text.slice(0, text.length - own.length) + this.path(own);
    const leading = leadingNames(text);
    let isLibrary = false;
    let out = "";
    let at = 0;
    if (leading.length > 0) {
      const length = this.#moduleLength(leading);
      isLibrary = length > 0;
      const names = leading.map((name, index) => (index < length ? name : this.#name(name, isLibrary)));
      out = names.join(".");
      at = leading.join(".").length;
    }
    return out + this.#steps(text, at, isLibrary);
  }

  /** One step of a path, `.attr` or `['key']`, from an object of a type: what a library's class has may keep its name. */
  step(text: string, holder: string): string {
    const isLibrary = !holder.startsWith("builtins.") && this.#moduleLength(leadingNames(holder)) > 0;
    return this.#steps(text, 0, isLibrary);
  }

  #steps(text: string, from: number, ofLibrary: boolean): string {
    let isLibrary = ofLibrary;
    let out = "";
    let at = from;
    while (at < text.length) {
      const character = text[at] ?? "";
      const end = character === "[" || character === "<" ? groupEnd(text, at) : -1;
      if (end > 0) {
        const inner = text.slice(at + 1, end - 1);
        if (character === "[") out += `[${this.#key(inner)}]`;
        else {
          // What is there belongs to the code that stands in it, and where that is no library's to the user.
          if (at === 0) isLibrary = this.#isLibraryPlace(inner);
          out += PART.test(text.slice(at, end)) ? text.slice(at, end) : `<${this.#angle(inner, isLibrary)}>`;
        }
        at = end;
      } else if (character === ".") {
        out += ".";
        at += 1;
      } else {
        const rest = /^[^.[<]+|^[[<]/.exec(text.slice(at))?.[0] ?? character;
        out += this.#name(rest, isLibrary);
        at += rest.length;
      }
    }
    return out;
  }

  /** The name of a function, of a file of a library's or not. */
  function(text: string, isLibrary: boolean): string {
    return splitNames(text)
      .map((part) => (PART.test(part) ? part : this.#name(part, isLibrary)))
      .join(".");
  }

  variable(text: string, isLibrary: boolean): string {
    // What compilers call them: `.0`, the iterable of a comprehension.
    return /^\.\d+$/.test(text) ? text : this.#name(text, isLibrary);
  }

  /** A file that code is in, or that is mapped. Of one that is not a library's each part by itself, so that it reads as the module's name. */
  file(text: string): string {
    const known = this.fileInLibrary(text) ?? systemFile(text);
    if (known !== null) return known;
    const place = FILE_LINE.exec(text);
    if (place !== null) return `${this.file(place[1] ?? "")}:${place[2]}`;
    if (/^<(?:string|stdin|unknown)>$/.test(text) || text === "?") return text;
    return text
      .split("/")
      .map((part) => {
        if (part === "") return part;
        const [, stem = part, ending = ""] = /^(.+?)(\.(?:py|pyc|pyx|so|zip|whl))?$/s.exec(part) ?? [];
        return this.#hashed.name(stem) + ending;
      })
      .join("/");
  }

  /** `FUNCTION FILE:LINE`, as paths and sentences have it. */
  #place(text: string): string {
    const [, name = "", file = ""] = /^(.*) (\S+)$/s.exec(text) ?? [];
    if (name === "") return this.file(text);
    return `${this.function(name, this.#isLibraryPlace(text))} ${this.file(file)}`;
  }

  #isLibraryPlace(text: string): boolean {
    const [, file = ""] = /(\S+):\d+$/.exec(text) ?? [];
    return this.fileInLibrary(file) !== null;
  }

  #angle(inner: string, isLibrary: boolean): string {
    if (PARTS_OF_STRUCTS.test(inner) || STACK.test(inner)) return inner;
    const [, standing, place = ""] = STANDING.exec(inner) ?? [];
    if (standing !== undefined) return place === "" ? inner : `${standing} ${this.#place(place.slice(1))}`;
    const [, variable] = /^closure (.*)$/s.exec(inner) ?? [];
    if (variable !== undefined) return `closure ${this.variable(variable, isLibrary)}`;
    const [, kind] = /^(ContextVar|module) /.exec(inner) ?? [];
    if (kind !== undefined) return /^module 0x[0-9a-f]+$/.test(inner) ? inner : `${kind} ${LEFT_OUT}`;
    const [, file, data = ""] = DATA.exec(inner) ?? [];
    if (file !== undefined) return `${this.file(file)} data${data}`;
    const [, article = "", thing = inner] = /^(an? )?(.*)$/s.exec(inner) ?? [];
    const [, type, word = "", address = ""] = ADDRESSED.exec(thing) ?? [];
    return `${article}${this.path(type ?? thing)}${word}${address}`;
  }

  #key(inner: string): string {
    if (SHAPE.test(inner)) return inner;
    const [, , quoted] = /^[bB]?(['"])(.*)\1$/s.exec(inner) ?? [];
    return quoted === undefined ? this.#hashed.key(inner) : `'${this.#hashed.key(quoted)}'`;
  }

  #name(name: string, isLibrary: boolean): string {
    return EVERYWHERE.has(name) || (isLibrary && this.isLibraryName(name)) ? name : this.#hashed.name(name);
  }

  /** How many of the names are those of a library's module: of several modules the innermost. */
  #moduleLength(names: readonly string[]): number {
    for (let length = names.length; length > 0; length -= 1)
      if (this.isModule(names.slice(0, length).join("."))) return length;
    return 0;
  }

  #isOwn(module: string): boolean {
    return this.#libraries.some(({ own }) => own.has(module));
  }
}

/** `a`, `b` of `a.b[3].c`: names up to what is none. */
function leadingNames(text: string): string[] {
  const [names = ""] = /^[^.[<]+(?:\.[^.[<]+)*/.exec(text) ?? [];
  return names === "" ? [] : names.split(".");
}

/** Parts of a function's name, those in angle brackets as they are. */
function splitNames(text: string): string[] {
  return text.split(/\.(?![^<]*>)/);
}
