import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Frame, OwnerRow, SchemaName } from "../../src/answers/index.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch, sample, shell } from "./program.ts";
import { askJson, dataOf, expectSame, numbersOf, textOf, textOfSection } from "./report-page.ts";

const scratch = new Scratch();

async function report(...args: readonly string[]): Promise<string> {
  const path = scratch.path("page.html");
  const { status, stdout, stderr } = await coregram(["report", ...args, "-q", "-o", path]);
  expect(stderr).toBe("");
  expect(stdout).toBe("");
  expect(status).toBe(0);
  return readFileSync(path, "utf8");
}

describe("the sample's page", () => {
  let html = "";
  beforeAll(async () => {
    html = await report(sample("downstream-after.core.gz"));
  });

  it("says which attribute leaks, by how much, and where it is fed", () => {
    const verdict = textOfSection(html, "verdict");
    expect(verdict).toContain("Looks like a leak downstream.profiler.Profiler.results holds 7.8 MiB , 38 %");
    expect(verdict).toContain("added to in downstream/profiler.py:23 Profiler.end");
    expect(verdict).toContain("3.7 MiB in 60,000 builtins.tuple");
    expect(verdict).toContain("[1] : builtins.tuple , 5 items: 1795545193.62976, '/orders/1007', 200, …");
    expect(verdict).toContain("and 19,995 more.");
    expect(verdict).toContain("No thread was in it at that moment.");
    expect(html).toMatch(/<title>[^<]*Profiler\.results[^<]*<\/title>/);
  });

  it("has each section, with the command line's own figures", async () => {
    const ids = [...html.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      "verdict",
      "memory",
      "owners",
      "types",
      "threads",
      "containers",
      "strings",
      "words",
      "file",
    ]);
    const { stdout } = await coregram(["types", sample("downstream-after.core.gz"), "-f", "json"]);
    const { rows, totals } = JSON.parse(stdout);
    const types = textOfSection(html, "types");
    for (const { type, count } of rows) {
      expect(types).toContain(` ${type} `);
      expect(types).toContain(` ${count.toLocaleString("en-US")} `);
    }
    for (const bytes of Object.values<number>(totals.balance))
      expect(html).toContain(`title="${bytes.toLocaleString("en-US")} bytes"`);
    expect(textOfSection(html, "words")).toContain("0000000000000000 701,290");
    expect(textOfSection(html, "file")).toContain("/usr/bin/python3.11");
  });

  it("holds the JSON that the command line prints", async () => {
    const core = sample("downstream-after.core.gz");
    await expectSame(html, {
      info: ["info", core],
      tasks: ["stacks", core, "--tasks"],
      suspects: ["whatis", core, "downstream.profiler.Profiler.results"],
      "suspect-0": ["owners", core, "--of", "downstream.profiler.Profiler.results"],
      words: [core, "--top", "100"],
      types: ["types", core, "--top", "1000"],
      owners: ["owners", core, "--depth", "20", "--top", "2000", "--holds", "5"],
      diagnose: ["diagnose", core, "--all"],
      strings: ["types", core, "--strings", "--top", "100"],
      containers: ["types", core, "--containers", "--top", "100"],
    });
  });

  it("has each thread's stack with its variables", async () => {
    await expectSame(html, { stacks: ["stacks", sample("downstream-after.core.gz"), "--locals"] });
    const threads = textOfSection(html, "threads");
    expect(threads).toContain("BaseServer.serve_forever /usr/lib/python3.11/socketserver.py:233");
    expect(threads).toContain("poll_interval : builtins.float , 24 B , 0.5");
  });

  it("shows the command line's numbers in its tables, each exactly", async () => {
    const core = sample("downstream-after.core.gz");
    const rowsOf = async <Name extends SchemaName>(...args: readonly string[]) =>
      (await askJson<Frame<Name>>(args)).rows.slice(0, 50);
    const { rows: owners } = await askJson<Frame<"coregram/owners@1">>([
      ...["owners", core, "--depth", "20", "--top", "2000"],
    ]);
    const weight = (row: OwnerRow) => row.bytes + row.nativeBytes;
    const heaviest = owners.toSorted((a, b) => weight(b) - weight(a) || b.count - a.count);
    expect(numbersOf(html, "owners")).toEqual(
      heaviest
        .slice(0, 50)
        .map((row) => [
          weight(row),
          ...(row.nativeBytes > 0 ? [row.nativeBytes] : []),
          row.retainedBytes + row.retainedNativeBytes,
        ]),
    );
    expect(numbersOf(html, "types")).toEqual(
      (await rowsOf<"coregram/types@1">("types", core, "--top", "50")).map(({ bytes, count, freedBytes }) => [
        ...[bytes, ...(count === 0 ? [] : [Math.round(bytes / count)])],
        ...(freedBytes === null ? [] : [freedBytes]),
      ]),
    );
    expect(numbersOf(html, "strings")).toEqual(
      (await rowsOf<"coregram/strings@1">("types", core, "--strings", "--top", "50")).map((row) => [
        row.wastedBytes,
      ]),
    );
    expect(numbersOf(html, "containers")).toEqual(
      (await rowsOf<"coregram/containers@1">("types", core, "--containers", "--top", "50")).map(
        ({ bytes }) => [bytes],
      ),
    );
  });

  it("makes no request, and names all that it runs or looks like by hash", () => {
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toContain("unsafe");
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    expect(style.length).toBeGreaterThan(1000);
    expect(policy).toContain(`sha256-${createHash("sha256").update(style).digest("base64")}`);
    const markup = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, "");
    expect(markup).not.toMatch(/<[^>]*\s(?:src|style|on\w+)=/);
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    expect(policy).toContain(`sha256-${createHash("sha256").update(script).digest("base64")}`);
    expect([...markup.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith("#"))).toBe(true);
    expect(html.length).toBeLessThan(1_500_000);
  });
});

describe("with older cores", () => {
  const [before, after] = [sample("downstream-before.core.gz"), sample("downstream-after.core.gz")];

  it("tells what grew since, as diff and diagnose do", async () => {
    const html = await report(after, before);
    const growth = textOfSection(html, "growth");
    expect(growth).toContain("downstream.profiler.Profiler.results +7.8 MiB grew 56 B 7.8 MiB +180,000");
    expect(textOfSection(html, "verdict")).toContain(
      "A leak downstream.profiler.Profiler.results holds 7.8 MiB",
    );
    expect(textOfSection(html, "verdict")).toContain("its memory changed by +8.1 MiB");
    await expectSame(html, {
      "growth-owner": ["diff", before, after, "--by", "owner", "--top", "200"],
      "growth-type": ["diff", before, after, "--by", "type", "--top", "200"],
      "growth-balance": ["diff", before, after, "--by", "balance", "--top", "200"],
      diagnose: ["diagnose", before, after, "--all"],
      types: ["types", after, "--top", "1000"],
    });
  });

  it("tells the course over more", async () => {
    const html = await report(after, before, before);
    await expectSame(html, {
      "growth-owner": ["diff", before, before, after, "--by", "owner", "--top", "200"],
    });
  });

  it("one without objects is an error that names it", async () => {
    const { status, stderr } = await coregram(["report", after, scratch.put("plain", "words"), "-q"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^coregram: .*plain is no ELF core.*\n$/);
  });
});

it("where tracemalloc ran, the lines that allocated what leaks are told", async () => {
  const html = await report(sample("traced-after.core.xz"), sample("traced-before.core.xz"));
  const verdict = textOfSection(html, "verdict");
  expect(verdict).toMatch(
    /Lines that allocated it \S*profiler\.py:8 : 363\.3 KiB in 9,300 objects, 59 % of it \S*profiler\.py:23 : 121\.1 KiB/,
  );
  expect(verdict.match(/593\.5 KiB/g)).toHaveLength(1);
  const { rows } = dataOf(html).get("suspects") as Frame<"coregram/whatis@1">;
  expect(rows[0]?.traced).toBe(true);
  await expectSame(html, {
    suspects: ["whatis", sample("traced-after.core.xz"), ...rows.map(({ address }) => address)],
  });
});

it("what is damaged is told before anything else", async () => {
  const whole = gunzipSync(readFileSync(sample("downstream-after.core.gz")));
  const html = await report(scratch.put("cut.core", whole.subarray(0, 15_000_000)));
  const [, care = ""] = /<main[^>]*><aside[^>]*>([\s\S]*?)<\/aside>/.exec(html) ?? [];
  expect(textOf(care)).toContain("6819680 are missing");
  expect(textOf(care)).toContain("malloc's arenas were not found");
  expect(await report(sample("downstream-after.core.gz"))).not.toContain("<aside");
});

describe("what has no Python", () => {
  it("gets a page of words, and why there is no more", async () => {
    const path = scratch.path("plain");
    writeFileSync(path, Buffer.alloc(4096, "<b>hello"));
    const html = await report(path);
    expect(textOfSection(html, "verdict")).toMatch(/No objects can be told of: .* is no ELF core/);
    const { stderr } = await coregram(["report", path, "-o", scratch.path("plain.html")]);
    expect(stderr).toBe(
      `coregram: warning: the page has words, and no objects: ${path} is no ELF core: coregram ${path} counts its words\n`,
    );
    expect(textOfSection(html, "words")).toContain("6f6c6c65683e623c 512");
    expect(html).not.toContain("<b>hello");
  });
});

it.skipIf(!canDump)("a core without Python has the command line's words and info", async () => {
  const { core } = await dump("sh", ["-c", "echo ready; sleep 1000"], scratch.path("sh.core"));
  const path = scratch.path("sh.html");
  expect((await coregram(["report", core, "-q", "-o", path])).status).toBe(0);
  await expectSame(readFileSync(path, "utf8"), { info: ["info", core], words: [core, "--top", "100"] });
});

it("an empty file gets no page", async () => {
  const { status, stdout, stderr } = await coregram(["report", scratch.put("nothing", "")]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^coregram: \S+nothing is empty\n$/);
});

it.skipIf(tool("script", "--version") === null)("is no text for a terminal", async () => {
  const core = sample("downstream-before.core.gz");
  const { stdout } = await shell(`script -qec '$CG report ${core}' /dev/null`);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    `a page is no text for a terminal: coregram report ${core} -o report.html`,
  );
  expect(stdout).not.toContain("<html");
});

it("the page that is committed is of the committed cores, and can be sent", () => {
  const html = readFileSync(sample("downstream-report.html"), "utf8");
  expect(textOfSection(html, "verdict")).toContain(
    "A leak downstream.profiler.Profiler.results holds 7.8 MiB",
  );
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  expect(html).toContain(createHash("sha256").update(style).digest("base64"));
  expect(html.length).toBeLessThan(1_500_000);
});

it("an output that cannot be written is one line", async () => {
  const { status, stderr } = await coregram([
    "report",
    sample("downstream-before.core.gz"),
    "-o",
    "/no/such/x",
  ]);
  expect(status).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
