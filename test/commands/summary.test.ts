import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { readSummary } from "../../src/answers/read-summary.ts";
import { DUCKDB } from "../views/duckdb.ts";
import { tool } from "./live.ts";
import { coregram, Scratch, sample, shell, start, startCoregram } from "./program.ts";

const scratch = new Scratch();
const core = sample("traced-after.core.xz");
const older = sample("traced-before.core.xz");

/** All that is in a folder and below, but folders. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !statSync(join(folder, name)).isDirectory(),
  );

describe("coregram summary", () => {
  const folder = scratch.path("fleet");
  let paths: string[];
  beforeAll(async () => {
    const tags = ["--tag", "service=web/1", "--tag", "release=4.2"];
    const run = await coregram(["summary", older, core, "-o", folder, ...tags, "-q"]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    paths = run.stdout.trimEnd().split("\n");
  }, 60_000);

  it("writes a small file for each core, where its keys say, and prints where", async () => {
    expect(paths.map((path) => path.slice(folder.length + 1)).sort()).toEqual(filesIn(folder).sort());
    expect(paths).toHaveLength(2);
    for (const [path, when] of [
      [paths[0] ?? "", "before"],
      [paths[1] ?? "", "after"],
    ] as const) {
      const day = statSync(sample(`traced-${when}.core.xz`))
        .mtime.toISOString()
        .slice(0, 10);
      expect(path.split("/").slice(-5, -1)).toEqual([
        "service=web%2F1",
        "host=__HIVE_DEFAULT_PARTITION__",
        `date=${day}`,
        "release=4.2",
      ]);
      expect(statSync(path)).toMatchObject({ mode: 0o100_600 });
      expect(statSync(path).size).toBeLessThan(400_000);
      expect((await readSummary(path)).tags).toEqual([
        { key: "service", value: "web/1" },
        { key: "host", value: null },
        { key: "date", value: day },
        { key: "release", value: "4.2" },
      ]);
    }
  });

  it("replaces its own, wherever the core lies and however it is compressed", async () => {
    const gz = sample("downstream-before.core.gz");
    const plain = scratch.path("moved.core");
    writeFileSync(plain, gunzipSync(readFileSync(gz)));
    const own = scratch.path("again");
    const tags = ["--tag", "date=2026-11-27"];
    const [first, second] = [
      await coregram(["summary", gz, "-o", own, "-q", ...tags]),
      await coregram(["summary", plain, "-o", own, "-q", ...tags]),
    ];
    expect(second.stdout).toBe(first.stdout);
    expect(filesIn(own)).toHaveLength(1);
    expect((await readSummary(second.stdout.trim())).subject.path).toBe(plain);
  });

  it("takes the place of a core, in diff, diagnose and report", async () => {
    const args = ["--by", "line", "-q"];
    expect((await coregram(["diff", ...paths, ...args])).stdout).toBe(
      (await coregram(["diff", older, core, ...args])).stdout,
    );
    const diagnosed = await coregram(["diagnose", paths[1] ?? ""]);
    expect(diagnosed.stdout).toContain("looks like a leak: downstream.profiler.Profiler.results");
    const page = scratch.path("page.html");
    expect((await coregram(["report", ...paths.toReversed(), "-o", page, "-q"])).status).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("downstream.profiler.Profiler.results");
    const refused = await coregram(["types", paths[1] ?? ""]);
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toMatch(/is a Parquet file/);
    expect((await coregram(["diff", ...paths, "--redact"])).stderr).toMatch(/a summary is as it was written/);
  });

  it.each([
    [["--tag", "service"], /--tag takes KEY=VALUE/],
    [["--tag", "Service=a"], /KEY in lower case/],
    [["--tag", "=a"], /--tag takes KEY=VALUE/],
    [["--tag", "owners=a"], /owners is a column of every summary/],
    [["--tag", "randomdigest=a"], /randomdigest is a column of every summary/],
    [["--tag", "file=a"], /file is a column/],
    [["--tag", "pid=1"], /pid is a column/],
    [["--tag", "verdict=a"], /verdict is a column of every summary or of its views/],
    [["--tag", `service=${"x".repeat(65)}`], /--tag service takes up to 64 bytes/],
  ])("refuses %j before the long work", async (args, why) => {
    const run = await coregram(["summary", "/nowhere.core", "-o", scratch.path("none"), ...args]);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toMatch(why);
    expect(existsSync(scratch.path("none"))).toBe(false);
  });

  it("refuses keys that the folder's summaries do not have, as engines would", async () => {
    const run = await coregram(["summary", core, "-o", folder, "--tag", "canary=yes"]);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toMatch(
      /has summaries by service, host, date, release, and this one would be by .*, canary/,
    );
  });

  it("says that a file is no folder to write to", async () => {
    const file = scratch.path("file");
    writeFileSync(file, "");
    const run = await coregram(["summary", older, "-o", file]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/file cannot be written: not a directory \(ENOTDIR\)/);
  });

  it("goes on where one of several cannot be read, and says so in its status", async () => {
    const own = scratch.path("several");
    const broken = scratch.path("broken.core.gz");
    writeFileSync(broken, readFileSync(sample("downstream-after.core.gz")).subarray(0, 5000));
    const run = await coregram(["summary", "/nowhere.core", broken, core, "-o", own, "-q"]);
    expect(run.status).toBe(1);
    expect(run.stdout.split("\n")).toHaveLength(3);
    expect(run.stderr).toMatch(/not summarized: \/nowhere\.core/);
    expect((await coregram(["summary", "/nowhere.core", "-o", own])).stdout).toBe("");
  });

  it("leaves no broken file, killed at any moment", async () => {
    const own = scratch.path("killed");
    const tags = ["--tag", "service=a", "--tag", "date=b"];
    for (const [signal, millis] of [200, 500, 800, 1100].flatMap(
      (wait) =>
        [
          ["SIGKILL", wait],
          ["SIGTERM", wait],
        ] as const,
    )) {
      const running = startCoregram(["summary", core, "-o", own, ...tags, "-q"]);
      await sleep(millis);
      running.kill(signal);
      await running.ended;
      if (!existsSync(own)) continue;
      for (const file of filesIn(own)) {
        if (file.endsWith(".parquet")) await readSummary(join(own, file));
        else expect(file).toMatch(/\/\.coregram-\w+$/);
      }
    }
  }, 60_000);

  it("of two at once leaves one that is whole", async () => {
    const own = scratch.path("both");
    const args = ["summary", core, "-o", own, "-q", "--tag", "date=a"];
    const [one, two] = await Promise.all([coregram(args), coregram(args)]);
    expect([one.status, two.status, one.stdout]).toEqual([0, 0, two.stdout]);
    expect(filesIn(own)).toHaveLength(1);
    expect((await readSummary(one.stdout.trim())).owners?.rows.length).toBeGreaterThan(100);
  });

  it("on a full disk leaves what was there", async () => {
    const own = scratch.path("full");
    // One that is not spooled to where there is no room either.
    const plain = scratch.path("plain.core");
    writeFileSync(plain, gunzipSync(readFileSync(sample("downstream-before.core.gz"))));
    const line = `$CG summary ${plain} -o ${own} -q --tag date=a`;
    expect((await shell(line)).status).toBe(0);
    const [before = ""] = filesIn(own);
    const bytes = readFileSync(join(own, before));
    const run = await shell(`ulimit -f 64; ${line} --no-modules`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/file too large/i);
    expect(filesIn(own)).toEqual([before]);
    expect(readFileSync(join(own, before)).equals(bytes)).toBe(true);
  });

  it("redacted has no name of the program's own, not in its path either", async () => {
    const own = scratch.path("redacted");
    const run = await coregram(["summary", core, "-o", own, "--redact", "-q"]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const row = JSON.stringify(await readSummary(run.stdout.trim()));
    expect(/downstream|profiler|traced-after/i.exec(row)).toBeNull();
    expect(run.stdout.slice(own.length)).toMatch(/^\/service=\w+\/host=__HIVE_DEFAULT_PARTITION__\/date=/);
    expect(run.stdout.slice(own.length)).not.toContain("python");
    expect(row.includes("builtins.list")).toBe(true);
  });
});

describe("redacted summaries", () => {
  const folder = scratch.path("secret");
  const summarize = async (of: string, key: string): Promise<string> => {
    const path = scratch.put(`${key}.key`, key.repeat(16));
    const run = await coregram(["summary", of, "-o", join(folder, key), "-q", "--redact-key", path]);
    return run.stdout.trim();
  };

  it("are compared where names stand for the same, and else refused", async () => {
    const [before, after, other] = [
      await summarize(older, "a"),
      await summarize(core, "a"),
      await summarize(core, "b"),
    ];
    const same = await coregram(["diff", before, after, "--by", "owner", "-q"]);
    expect(same.status).toBe(0);
    expect(same.stdout).not.toBe("");
    for (const pair of [
      [before, other],
      [before, core],
      [older, after],
    ]) {
      const run = await coregram(["diff", ...pair, "-q"]);
      expect(run).toMatchObject({ status: 2, stdout: "" });
      expect(run.stderr).toMatch(/made with the same --redact-key/);
    }
  }, 60_000);
});

describe.skipIf(tool("python3", "--version") === null)("coregram summary --pid", () => {
  it("is another one each time", async () => {
    const program =
      "import time; held = [object() for _ in range(70_000)]; print(1, flush=True); time.sleep(600)";
    const python = start("python3", ["-c", program]);
    try {
      await new Promise((resolve) => python.stdout.once("data", resolve));
      const own = scratch.path("live");
      const args = ["summary", "--pid", String(python.pid), "-o", own, "-q", "--tag", "host=here"];
      const [first, second] = [await coregram(args), await coregram(args)];
      expect([first.status, second.status]).toEqual([0, 0]);
      expect(filesIn(own)).toHaveLength(2);
      const diff = await coregram(["diff", first.stdout.trim(), second.stdout.trim(), "-f", "json", "-q"]);
      expect(JSON.parse(diff.stdout).totals).toMatchObject({ sameProcess: true });
    } finally {
      python.kill("SIGKILL");
      await python.ended;
    }
  });
});

describe.skipIf(tool("python3", "--version") === null)("coregram summary of dumps", () => {
  it("keeps one of each heap, where the process looks the same from outside", async () => {
    // Room is made before the first dump: what is added later lies in it, and no mapping changes.
    const program = `import sys
held = [object() for _ in range(70_000)]
del held[::2]
kept = [None] * 100
print(1, flush=True)
for line in sys.stdin:
    for index in range(3): kept[kept.index(None)] = object()
    print(1, flush=True)
`;
    const python = start("python3", ["-c", program]);
    const isReady = () => new Promise((resolve) => python.stdout.once("data", resolve));
    try {
      await isReady();
      const dumps = ["first", "second", "third"].map((name) => scratch.path(`${name}.core`));
      for (const path of dumps) {
        expect(await coregram(["dump", String(python.pid), "-o", path, "-q"])).toMatchObject({ status: 0 });
        const ready = isReady();
        python.stdin.write("more\n");
        await ready;
      }
      const own = scratch.path("dumps");
      const tags = ["-q", "--tag", "host=here", "--tag", "date=a"];
      const run = await coregram(["summary", ...dumps, "-o", own, ...tags]);
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(filesIn(own)).toHaveLength(dumps.length);
      const again = await coregram(["summary", ...dumps, "-o", own, ...tags]);
      expect(again.stdout).toBe(run.stdout);
    } finally {
      python.kill("SIGKILL");
      await python.ended;
    }
  }, 60_000);
});

describe.skipIf(DUCKDB === null)("coregram query of summaries", () => {
  const folder = scratch.path("asked");
  beforeAll(async () => {
    const run = await coregram([
      "summary",
      older,
      core,
      "-o",
      folder,
      "-q",
      "--tag",
      "service=web",
      "--tag",
      "host=a",
    ]);
    expect(run.status).toBe(0);
  }, 60_000);

  it("has a view of each answer, with the keys of the path", async () => {
    const json = async (sql: string) =>
      JSON.parse((await coregram(["query", sql, folder, "-f", "json", "-q"])).stdout).rows;
    expect(
      await json(
        "select service, host, verdict from cores where runtime = 'CPython 3.11' order by memoryBytes desc",
      ),
    ).toEqual([
      { service: "web", host: "a", verdict: "looks like a leak" },
      { service: "web", host: "a", verdict: null },
    ]);
    expect(await json("select service, path, count(*) as n from findings group by all")).toEqual([
      { service: "web", path: "downstream.profiler.Profiler.results", n: 1 },
    ]);
    for (const view of [
      "types",
      "owners",
      "words",
      "threads",
      "frames",
      "traces",
      "modules",
      "remarks",
      "summaries",
    ])
      expect((await json(`select count(*) as n from ${view}`))[0].n, view).toBeGreaterThan(1);
    const [{ n }] = await json(
      "select count(*) as n from owners where randomDigest is null or time is null or file is null",
    );
    expect(n).toBe(0);
  });

  it("leaves out what is broken, and says so", async () => {
    const own = scratch.path("damaged");
    const [name = ""] = filesIn(folder);
    const home = join(own, "service=a");
    mkdirSync(home, { recursive: true });
    copyFileSync(join(folder, name), join(home, "whole.parquet"));
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(home, "cut.parquet"), bytes.subarray(0, bytes.length - 1000));
    writeFileSync(join(home, "empty.parquet"), "");
    writeFileSync(
      join(home, "lying.parquet"),
      Buffer.concat([Buffer.from("PAR1"), Buffer.alloc(500, 255), Buffer.from("PAR1")]),
    );
    const run = await coregram(["query", "select service, count(*) from cores group by all", own]);
    expect(run).toMatchObject({ status: 0, stdout: "a  1\n" });
    for (const file of ["cut", "empty", "lying"])
      expect(run.stderr).toMatch(new RegExp(`left out: .*${file}\\.parquet`));
    expect(run.stderr).toContain("1 of 4 summaries are read");
    const none = await coregram(["query", "select 1", join(home, "empty.parquet")]);
    expect(none).toMatchObject({ status: 1, stdout: "" });
    expect(none.stderr).toMatch(/there is no summary that can be read/);
  });

  it("leaves out no file for what is wrong with the question", async () => {
    const own = scratch.path("question");
    const [name = ""] = filesIn(folder);
    for (const service of ["1", "web"]) {
      mkdirSync(join(own, `service=${service}`), { recursive: true });
      copyFileSync(join(folder, name), join(own, `service=${service}`, "whole.parquet"));
    }
    const run = await coregram(["query", "select cast(service as integer) from cores", own]);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toMatch(/Conversion Error/);
    expect(run.stderr).not.toMatch(/left out/);
  });

  it("is not asked beside cores", async () => {
    const run = await coregram(["query", "from cores", folder, core]);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/is of summaries, and .* is not: a query asks the one or the other/);
  });
});
