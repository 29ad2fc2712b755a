import { type ArenaUse, arenaUses, mallocngUse, slotStates, zeroBytes } from "../../blocks/index.ts";
import type { Core, Module } from "../../image/index.ts";
import type { Crew, Progress } from "../../kernel/index.ts";
import { formatCount, Role } from "../../terms/index.ts";
import type { Balance } from "../balance.ts";
import type { References } from "../references.ts";
import type { DetectOptions, NotDetected, ObjectType, RuntimeObjects, TypeTotals } from "../runtime.ts";
import type { StackWants } from "../thread-stacks.ts";
import { readCollector } from "./collector.ts";
import { followEdges, type PythonEdges } from "./edges/edges.ts";
import { readResources } from "./interpreter/resources.ts";
import { tellInterpreters } from "./labels/interpreters.ts";
import { PythonLabels } from "./labels/labels.ts";
import { NameUsers } from "./labels/name-users.ts";
import { areTasks, type Tasks } from "./labels/tasks.ts";
import { findNativeMemory } from "./native/native-memory.ts";
import { Containers } from "./objects/containers.ts";
import { areOfTypes, instancesOf } from "./objects/instances.ts";
import { ObjectTable } from "./objects/object-table.ts";
import { poolUse, segmentUse } from "./objects/pool-use.ts";
import { StringGroups } from "./objects/strings.ts";
import { type Python, readPython, typeNameOf, typeTotals } from "./python.ts";
import { PythonMemory } from "./python-memory.ts";
import { findRoots, heldFromOutside } from "./roots/roots.ts";
import { GENERATORS } from "./threads/coroutines.ts";
import { readGenerators } from "./threads/generators.ts";
import { GREENLETS, readGreenlets } from "./threads/greenlets.ts";
import { readTasks } from "./threads/tasks.ts";
import { readSnapshots } from "./tracing/snapshots.ts";
import { traitsOf } from "./traits.ts";
import type { Family } from "./types/families.ts";

/** Finds all types and objects of the CPython in a core, see `Runtime.detect`. */
export async function detectPython(
  crew: Crew,
  core: Core,
  modules: readonly Module[],
  options: DetectOptions,
): Promise<RuntimeObjects | NotDetected> {
  const python = await readPython(crew, core, modules, options);
  return "reason" in python ? python : new PythonObjects(core, modules, options.root, python);
}

/** Tasks and greenlets that are listed, generators that are counted; of these there may be many, snapshots are large. */
const MOST_TASKS = 2 ** 20;
const MOST_GENERATORS = 2 ** 24;
const MOST_GREENLETS = 2 ** 18;
const MOST_SNAPSHOTS = 2 ** 10;
const SNAPSHOT: ReadonlySet<string> = new Set(["tracemalloc.Snapshot"]);

/** The types and objects of a CPython, as all runtimes' are asked for. */
class PythonObjects implements RuntimeObjects {
  readonly runtime: string;
  readonly summary: string;
  readonly types: readonly ObjectType[];
  readonly remarks: readonly string[];
  readonly balance: Balance;
  readonly #core: Core;
  readonly #modules: readonly Module[];
  readonly #root: string | null;
  readonly #python: Python;
  /** Made once: it moves the records. In the crew's memory until its references are asked for. */
  #table: ObjectTable | null = null;

  constructor(core: Core, modules: readonly Module[], root: string | null, python: Python) {
    const { layout, survey, types, balance, replaced, remarks } = python;
    const { pages } = python.records.sums;
    const malloc = replaced === null ? "" : ` on ${replaced.name}`;
    const allocator =
      pages > 0
        ? `mimalloc, ${formatCount(pages)} pages`
        : survey.pools > 0
          ? `pymalloc${malloc}, ${formatCount(survey.pools)} pools`
          : `no pymalloc${malloc && `, all${malloc}`}`;
    this.#core = core;
    this.#modules = modules;
    this.#root = root;
    this.#python = python;
    this.runtime = `CPython ${layout.version}`;
    this.summary = `${this.runtime}, ${allocator}`;
    this.types = types.map(({ type }, index) => ({ address: type.address, name: typeNameOf(python, index) }));
    this.remarks = remarks;
    this.balance = balance;
  }

  totals(): TypeTotals[] {
    return typeTotals(this.#python);
  }

  objects({ memory }: Crew): ObjectTable {
    this.#table ??= new ObjectTable(memory, this.#python.records);
    return this.#table;
  }

  arenas({ memory }: Crew): ArenaUse[] {
    const { survey, reader, records, mallocng, balance } = this.#python;
    const malloc = arenaUses(memory, this.#core.image, this.#modules, survey, records.glibc);
    const own = [
      mallocngUse(
        mallocng,
        (group) => slotStates(reader, group),
        (span) => zeroBytes(memory, survey, span),
      ),
      poolUse(survey, records.sums, balance),
      segmentUse(records.sums, balance),
    ];
    return [...malloc, ...own.filter((use) => use !== null)];
  }

  readonly strings = ({ memory }: Crew) => new StringGroups(memory, this.#python);
  readonly containers = ({ memory }: Crew) => new Containers(memory, this.#python);
  readonly tasks = (crew: Crew) =>
    this.#read((memory) => {
      const tasks = instancesOf(this.objects(crew), areTasks(this.#python), MOST_TASKS);
      return readTasks(memory, this.#python.layout, tasks);
    });
  readonly generators = (crew: Crew) =>
    this.#read((memory) => {
      const areGenerators = areOfTypes(this.#python, GENERATORS);
      const generators = instancesOf(this.objects(crew), areGenerators, MOST_GENERATORS);
      return readGenerators(memory, this.#python.layout, generators);
    });
  readonly greenlets = (crew: Crew, wants: StackWants) =>
    this.#read((memory) => {
      const areGreenlets = areOfTypes(this.#python, GREENLETS);
      const greenlets = instancesOf(this.objects(crew), areGreenlets, MOST_GREENLETS);
      const { layout, names } = this.#python;
      const python = { reader: memory.reader, layout, typeObjects: memory.types, names };
      return readGreenlets(memory, python, greenlets, wants);
    });
  readonly resources = (crew: Crew) =>
    this.#read((memory) => readResources(this.#core, memory, this.#python, this.objects(crew)));
  readonly snapshots = (crew: Crew) =>
    this.#read((memory) => {
      const areSnapshots = areOfTypes(this.#python, SNAPSHOT);
      const { addresses } = instancesOf(this.objects(crew), areSnapshots, MOST_SNAPSHOTS);
      return readSnapshots(memory, this.#python.layout, addresses);
    });

  #read<Answer>(read: (memory: PythonMemory) => Answer): Answer {
    const memory = new PythonMemory(this.#core, this.#modules, this.#root);
    try {
      return read(memory);
    } finally {
      memory.close();
    }
  }

  async references(crew: Crew, progress: Progress): Promise<References> {
    const python = this.#python;
    const table = this.objects(crew);
    const edges = await followEdges(crew, python, table, progress);
    const { scans, chunks, lostWords } = edges;
    const interpreters = tellInterpreters(this.#core, this.#modules, python, table, edges);
    const labels = new PythonLabels(python, table, edges, interpreters);
    const outside = heldFromOutside(table, edges);
    const { roots, remarks } = findRoots(this.#core, this.#modules, python, table, edges, labels, outside);
    const native = await findNativeMemory(
      crew,
      this.#core,
      this.#modules,
      python,
      table,
      edges,
      outside,
      interpreters.states,
    );
    const roles = rolesOf(table, edges, labels.tasks);
    const { sizes, types } = table.detach(native.count);
    const users = new NameUsers(python, table, { scans });
    const lost = `${lostWords} words of tables that overlap were not followed`;
    return {
      objects: table,
      sizes,
      types,
      roles,
      edges: chunks,
      roots,
      labels,
      native,
      collector: readCollector(python, table),
      traits: traitsOf(python, table, scans),
      remarks: [
        ...(lostWords > 0 ? [lost] : []),
        ...(interpreters.remark === null ? [] : [interpreters.remark]),
        ...remarks,
      ],
      nameUsers: (container, holder, attribute) => users.of(container, holder, attribute),
    };
  }
}

/** What objects of a family are to a reader; all else has attributes. */
const ROLES: ReadonlyMap<Family, number> = new Map<Family, number>([
  ["list", Role.items],
  ["tuple", Role.items],
  ["dict", Role.items],
  ["set", Role.items],
  ["deque", Role.items],
  ["queue", Role.items],
  ["ndarray", Role.items],
  ["cell", Role.part],
  ["module", Role.scope],
  ["type", Role.scope],
  ["function", Role.scope],
  ["frame", Role.scope],
]);

function rolesOf(table: ObjectTable, { scans, parts }: PythonEdges, tasks: Tasks): Uint8Array {
  const ofTypes = scans.map(({ descent }) => ROLES.get(descent.family) ?? Role.attributes);
  const roles = new Uint8Array(table.count);
  for (let object = 0; object < table.count; object += 1)
    roles[object] =
      parts[object] === 1
        ? Role.part
        : tasks.isPending(object)
          ? Role.task
          : (ofTypes[table.type(object)] ?? Role.attributes);
  return roles;
}
