import { answerMoment } from "../../answers/moment.ts";
import type { Redactor } from "../../answers/redact.ts";
import type { Frame } from "../../answers/results/index.ts";
import { sampleOwners, sampleTypes, type WatchOptions, type WatchSample } from "../../answers/watch.ts";
import type { WatchLook } from "../../answers/watch-history.ts";
import { CopyRoom, type Target, takeProcess } from "../../image/index.ts";
import { openProcess } from "../../image/live/open.ts";
import { CoregramError, formatBytes, type Listener } from "../../terms/index.ts";
import { stopProcess } from "../pause/stop-process.ts";
import { writeAnswers } from "../shell/answer-folder.ts";
import { Collector } from "./collector.ts";
import type { Condition } from "./condition.ts";
import type { Control } from "./control.ts";
import { Family } from "./family.ts";
import { momentFiles } from "./moment-folder.ts";
import { Pace, tickAfter } from "./pace.ts";
import { Priority } from "./priority.ts";
import { type Fired, Triggers } from "./triggers.ts";
import type { Glance, Watched } from "./watched.ts";

/** How a process is watched. */
export interface WatcherOptions extends WatchOptions {
  readonly pid: number;
  /** Whether what it has started is watched, too. */
  readonly children: boolean;
  readonly intervalMillis: number;
  /** Rounds after which it ends. */
  readonly count: number;
  /** Each so many samples owners are looked for; 0 for never. */
  readonly ownersEvery: number;
  /** Rows of a frame at the most. */
  readonly rows: number;
  /** Bytes of a process that may be copied. */
  readonly memory: number;
  readonly conditions: readonly Condition[];
  /** Where answers go. */
  readonly folder: string;
  readonly dump: boolean;
  readonly once: boolean;
  /** What takes names and values out of what is seen; null where they stay. */
  readonly redactor: Redactor | null;
}

/** For a sample, unless told: each one more takes processor time, and starts anew each time. */
const SAMPLE_THREADS = 1;

/** Who sees what a watcher sees. */
export interface Onlooker {
  frame(frame: Frame<"coregram/watch@1">): void | Promise<void>;
  note(text: string): void;
}

/** While it waits, between two looks at what conditions are about. */
const TICK_MILLIS = 100;
/** An answer that comes so much later than its condition says so. */
const WORTH_MILLIS = 1000;
/** Answers that are written at the most: a disk is filled otherwise. */
const MOST_MOMENTS = 100;

/** What has come to hold, and when: milliseconds since 1970. */
interface Due extends Fired {
  readonly at: number;
}

/** A condition came to hold while a sample was taken, or the watcher is to end: the sample ends there. */
class Interruption extends Error {
  readonly fired: readonly Due[];

  constructor(fired: readonly Due[]) {
    super("a condition holds");
    this.fired = fired;
  }
}

/** Looks at a process again and again, and takes a full answer when a condition holds. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #onlooker: Onlooker;
  readonly #control: Control;
  readonly #pace: Pace;
  readonly #triggers: Triggers;
  readonly #room = new CopyRoom();
  readonly #collector = new Collector();
  readonly #priority: Priority;
  readonly #family: Family;
  #nextTick = 0;
  /** What has come to hold, and is not answered yet: more may, while an answer is taken. */
  readonly #due: Due[] = [];
  #moments = 0;
  #isDone = false;
  /** Processor time of this program when the round began, in milliseconds; that of answers counts as before. */
  #cpuBefore = 0;

  constructor(options: WatcherOptions, onlooker: Onlooker, control: Control) {
    this.#options = options;
    this.#onlooker = onlooker;
    this.#control = control;
    this.#family = new Family(options.pid, options.children);
    this.#pace = new Pace(options.intervalMillis, options.ownersEvery);
    this.#triggers = new Triggers(options.conditions);
    this.#priority = new Priority(options.conditions.length > 0);
  }

  /**
   * Watches until the processes have ended, or what else the options say.
   * @throws CoregramError `io` where the process cannot be read, `format` where it has no objects that can be
   */
  async run(): Promise<void> {
    const { count } = this.#options;
    this.#priority.giveWay();
    for (let round = 1; !this.#isEnding; round += 1) {
      const start = performance.now();
      this.#cpuBefore = cpuMillis();
      this.#family.findChildren();
      for (const watched of this.#family.all()) {
        if (this.#isEnding) return;
        await this.#look(watched);
      }
      if (round === 1) this.#sayUnknownTypes();
      const cpu = cpuMillis() - this.#cpuBefore;
      const interval = this.#pace.interval(cpu);
      this.#pace.keep(cpu);
      if (round >= count) return;
      await this.#wait(start + interval);
    }
  }

  get #isEnding(): boolean {
    return this.#isDone || this.#control.isEnding || this.#family.size === 0;
  }

  /** A name that no type has may be wrong, or its first object is still to come. */
  #sayUnknownTypes(): void {
    for (const { text, subject } of this.#options.conditions) {
      if (typeof subject !== "object") continue;
      const counts = this.#family.all().flatMap(({ history }) => history.countOf(subject.type) ?? []);
      if (counts.length > 0 && counts.every((count) => count === 0))
        this.#onlooker.note(`${text}: no type called ${subject.type} has live objects in the first look`);
    }
  }

  async #wait(until: number): Promise<void> {
    while (!this.#isEnding) {
      const left = until - performance.now();
      if ((left <= 0 && !this.#control.isHeld) || this.#control.takeDue()) return;
      const tick = Math.max(TICK_MILLIS, this.#nextTick - performance.now());
      await this.#control.sleep(this.#control.isHeld ? tick : Math.min(tick, left));
      await this.#sayEnded();
      await this.#answer(this.#fired());
    }
  }

  /** One sample of one process. What cannot be read of the only one, and at once, ends all. */
  async #look(watched: Watched): Promise<void> {
    const glance = watched.glance();
    const { ownersEvery, pid, rows } = this.#options;
    if (glance === null) {
      if (watched.isUnseen && watched.pid === pid) await this.#copy(watched, () => {});
      return this.#end(watched);
    }
    this.#noticeProgram(watched);
    const start = performance.now();
    const cpu = cpuMillis();
    const withOwners = ownersEvery > 0 && watched.looks % ownersEvery === 0;
    let sample: WatchSample | null = null;
    let problem: string | null = null;
    // What it takes is the most that this program has: it is not to come on top of what others have left.
    if (withOwners) this.#collector.collect();
    try {
      sample = await this.#sample(watched, withOwners);
    } catch (error) {
      if (error instanceof Interruption) return this.#answer(error.fired);
      if (!(error instanceof CoregramError)) throw error;
      // What is too large to be copied is still answered of at its moment, as it is stopped then.
      const isLost = error.code !== "limit" || this.#options.conditions.length === 0;
      if (isLost && watched.isUnseen && watched.pid === pid && !this.#options.children) throw error;
      if (watched.hasEnded) return this.#end(watched);
      problem = error.message;
      if (watched.isNews(problem)) this.#onlooker.note(problem);
    }
    watched.looks += 1;
    if (withOwners) this.#collector.collect();
    else this.#collector.collectSome();
    if (sample !== null) watched.sampledAt = start;
    const look = { ...this.#lookOf(glance, start, cpu), problem };
    await this.#show(watched.history.frame(look, sample, rows));
    await this.#answer(this.#fired());
  }

  #noticeProgram(watched: Watched): void {
    // Of one that was started by fork and exec nothing was seen before.
    const { isUnseen } = watched;
    if (!watched.hasNewProgram() || isUnseen) return;
    this.#triggers.forget(watched.pid);
    this.#onlooker.note(`pid ${watched.pid} became another program: what grew is counted from here on`);
  }

  async #sample(watched: Watched, withOwners: boolean): Promise<WatchSample> {
    const { pid, history } = watched;
    const listener: Listener = (event) => {
      if (event.kind === "warning" && watched.isNews(event.text))
        this.#onlooker.note(`warning: pid ${pid}: ${event.text}`);
      if (event.kind !== "progress") return;
      const fired = this.#fired();
      if (fired.length > 0 || this.#control.isEnding) throw new Interruption(fired);
    };
    const target = await this.#copy(watched, listener);
    const options = { ...this.#options, threads: this.#options.threads ?? SAMPLE_THREADS };
    try {
      await this.#learnNames(watched, target);
      return withOwners
        ? await sampleOwners(target, history.owners, options, listener)
        : await sampleTypes(target, options, listener);
    } finally {
      target.close();
    }
  }

  async #show(frame: Frame<"coregram/watch@1">): Promise<void> {
    const { redactor } = this.#options;
    await this.#onlooker.frame(redactor === null ? frame : redactor.frame(frame));
  }

  /** Once a process: what it loads later is taken for its own. */
  async #learnNames(watched: Watched, target: Target): Promise<void> {
    if (watched.areNamesKnown) return;
    await this.#options.redactor?.know(target, this.#options);
    watched.areNamesKnown = true;
  }

  #copy({ pid }: Watched, listener: Listener) {
    return openProcess(pid, { memory: this.#options.memory, room: this.#room }, listener);
  }

  #lookOf({ usage, cgroup, pressure }: Glance, start: number, cpu: number): WatchLook {
    return {
      ...{ at: Date.now(), usage, cgroup, pressure, problem: null, moment: null },
      tookMillis: Math.round(performance.now() - start),
      cpuMillis: Math.round(cpuMillis() - cpu),
      intervalMillis: this.#pace.interval(cpuMillis() - this.#cpuBefore),
    };
  }

  /** What conditions say, once each tick. */
  #fired(): Due[] {
    const now = performance.now();
    if (this.#options.conditions.length === 0 || now < this.#nextTick) return [];
    // On a busy machine the time that passes is no measure of what it takes.
    const cpu = cpuMillis();
    // One that grows fast may come and go between two rounds.
    this.#family.findChildren();
    const readings = this.#family.all().flatMap((watched) => {
      const glance = watched.glance();
      if (glance === null) return [];
      // Before its conditions are looked at: behind that, what holds would be forgotten and hold again.
      this.#noticeProgram(watched);
      return [watched.reading(glance, now)];
    });
    const fired = this.#triggers.look(readings);
    this.#nextTick = performance.now() + tickAfter(cpuMillis() - cpu);
    return fired.map((each) => ({ ...each, at: Date.now() }));
  }

  async #sayEnded(): Promise<void> {
    for (const watched of this.#family.all()) if (watched.hasEnded) await this.#end(watched);
  }

  async #end({ pid, history }: Watched): Promise<void> {
    this.#family.delete(pid);
    this.#triggers.forget(pid);
    const look: WatchLook = {
      ...{ at: Date.now(), usage: null, cgroup: null, pressure: null, problem: null, moment: null },
      ...{ tookMillis: 0, cpuMillis: 0, intervalMillis: this.#options.intervalMillis },
    };
    await this.#show(history.frame(look, null, 0));
  }

  /** What has to wait for the answer of another is said: it may have changed by then. */
  #await(fired: readonly Due[], isAnswering: boolean): void {
    if (fired.length === 0) return;
    this.#due.push(...fired);
    const waiting = this.#due.slice(isAnswering ? 0 : 1);
    if (waiting.length === 0) return;
    const which = waiting.map(({ pid, condition }) => `pid ${pid} (${condition.text})`).join(", ");
    this.#onlooker.note(`${waiting.length} more to answer, one after the other: ${which}`);
  }

  async #answer(fired: readonly Due[]): Promise<void> {
    this.#await(fired, false);
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) {
      const { pid, condition, at } = next;
      if (this.#isDone) return;
      const watched = this.#family.get(pid);
      if (watched === undefined || watched.hasEnded) {
        this.#onlooker.note(
          `pid ${pid}: ${condition.text} held, and there is no answer: it ended before it was read`,
        );
        continue;
      }
      const cpu = cpuMillis();
      this.#priority.takeBack();
      await this.#answerOne(watched, condition, at);
      this.#priority.giveWay();
      this.#collector.collect();
      this.#cpuBefore += cpuMillis() - cpu;
    }
  }

  /** @param heldAt when the condition came to hold */
  async #answerOne(watched: Watched, { text }: Condition, heldAt: number): Promise<void> {
    const { pid } = watched;
    if (this.#moments >= MOST_MOMENTS) {
      this.#onlooker.note(
        `pid ${pid}: ${text} holds, and no more is written: there are ${MOST_MOMENTS} answers`,
      );
      return;
    }
    const start = performance.now();
    const cpu = cpuMillis();
    const glance = watched.glance();
    if (glance === null) return;
    let folder: string | null = null;
    let sample: WatchSample | null = null;
    let problem: string | null = null;
    try {
      ({ folder, sample } = await this.#takeMoment(watched, text, heldAt, glance));
      watched.sampledAt = start;
    } catch (error) {
      if (!(error instanceof CoregramError) || (this.#options.once && error.code !== "changed")) throw error;
      problem = error.message;
      this.#onlooker.note(`pid ${pid}: ${text} holds, and there is no answer: ${problem}`);
    }
    const look = {
      ...this.#lookOf(glance, start, cpu),
      intervalMillis: this.#pace.interval(cpu - this.#cpuBefore),
      ...{ problem, moment: { condition: text, folder } },
    };
    await this.#show(watched.history.frame(look, sample, this.#options.rows));
    this.#isDone = this.#options.once && folder !== null;
  }

  async #takeMoment(watched: Watched, condition: string, heldAt: number, { usage, cgroup }: Glance) {
    const { pid, history } = watched;
    const { dump, memory } = this.#options;
    const at = Date.now();
    const limit = cgroup?.limitBytes ?? null;
    const waited = Math.max(0, at - heldAt);
    const remarks = [
      `${condition} held at ${new Date(heldAt).toISOString()} of pid ${pid}, ${usage.name}`,
      ...(waited < WORTH_MILLIS
        ? []
        : [`it was read ${(waited / 1000).toFixed(1)} s later, after the answers about others`]),
      `RSS ${formatBytes(usage.rssBytes)}${cgroup === null || limit === null ? "" : `, cgroup ${cgroup.path} ${formatBytes(cgroup.usedBytes)} of ${formatBytes(limit)}`}`,
    ];
    let stopped = "";
    const listener: Listener = (event) => {
      if (event.kind !== "progress") remarks.push(`${event.kind}: ${event.text}`);
      else this.#await(this.#fired(), true);
    };
    const stop = () =>
      stopProcess(pid, (text) => {
        stopped = `pid ${pid} ${text}`;
        remarks.push(stopped);
      });
    const taken = await takeProcess(pid, { memory, stop, room: this.#room }, listener);
    const { target } = taken;
    let folder: string;
    let sample: WatchSample;
    try {
      await this.#learnNames(watched, target);
      const answer = await answerMoment(target, watched.moment, history.owners, this.#options, listener);
      const core = dump ? taken.core() : null;
      const { redactor } = this.#options;
      folder = await writeAnswers(
        this.#options.folder,
        { pid, at },
        momentFiles({ remarks, answer, core, redactor }),
      );
      this.#moments += 1;
      watched.moment = { name: folder, bytes: target.bytes, past: answer.past };
      sample = answer.sample;
    } finally {
      // One that is read where it stands goes on here.
      target.close();
    }
    this.#onlooker.note(`pid ${pid}: ${condition} holds: answer in ${folder}; ${stopped}`);
    return { folder, sample };
  }
}

/** Processor time that this program has taken, all threads together. */
function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
