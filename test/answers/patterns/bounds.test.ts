import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/answers/results/index.ts";
import { diagnoseProgram, PYTHONS } from "./processes.ts";

/** A server whose objects each fill a container with 4,000 items in the end, but for what has fewer keys. */
const SERVER = `
import collections, socketserver, threading
class Lru(collections.OrderedDict):
  def __setitem__(self, key, item):
    super().__setitem__(key, item)
    if len(self) > 4000: self.popitem(last=False)
class Short(dict):
  def __setitem__(self, key, item):
    dict.__setitem__(self, key, item)
    self.shorten()
  def shorten(self):
    while super().__len__() > 4000: super().pop(next(iter(self)))
class Plain(dict): pass
def evict(pages):
  while len(pages) > 4000: pages.pop(next(iter(pages)))
def total(rows): return count(rows)
def count(rows):
  found = 0
  for row in rows: found += 1
  return found
class App:
  def __init__(self):
    self.lru, self.short, self.pages, self.capped, self.ring, self.masked = Lru(), Short(), {}, {}, {}, {}
    self.data, self.plain, self.items, self.checked, self.seen = {"last": 0, "n": 0}, Plain(), {}, {}, set()
    self._make_fresh()
  def _make_fresh(self): self.fresh = {}
  def start(self): self.items = {}
  def use_lru(self, key): self.lru[key] = bytes(700) + b"%d" % key
  def use_short(self, key): self.short[key] = bytes(700) + b"%d" % key
  def page(self, key):
    self.pages[key] = bytes(700) + b"%d" % key
    evict(self.pages)
  def put_capped(self, key):
    if len(self.capped) < 4000: self.capped[key] = bytes(700) + b"%d" % key
  def full(self): return 4000 <= len(self.checked)
  def put_checked(self, key):
    if not self.full(): self.checked[key] = bytes(700) + b"%d" % key
  def put_ring(self, key): self.ring[key % 1000] = bytes(2800) + b"%d" % key
  def put_masked(self, key):
    slot = key & 1023
    self.masked[slot] = bytes(2800) + b"%d" % key
  def put(self, key): self.data["k%d" % key] = bytes(700) + b"%d" % key
  def touch(self): self.data["last"] = 1
  def bump(self): self.data["n"] += 1
  def renew(self):
    for key in self.data: self.data[key] = self.data[key]
  def note(self): self.seen.add("noted")
  def see(self, key): self.seen.add(("%04d" % key) * 250)
  def tell(self): print(", ".join(self.seen), list(self.data), len(self.seen), total(self.seen))
  def put_plain(self, key): self.plain[key] = bytes(700) + b"%d" % key
  def put_fresh(self, key): self.fresh[key] = bytes(700) + b"%d" % key
  def handle(self, key): self.items[key] = bytes(700) + b"%d" % key
app = App()
def work():
  app.start()
  for key in range(9000):
    for use in app.use_lru, app.use_short, app.page, app.put_capped, app.put_checked, app.put_ring, app.put_masked: use(key)
    if key < 4000:
      for use in app.put, app.put_plain, app.handle, app.see, app.put_fresh: use(key)
  app.touch(); app.bump(); app.renew(); app.note()
thread = threading.Thread(target=work); thread.start(); thread.join()
server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
`;

/** What holds so much that it is told, its verdict, and what is said of the functions that name it. */
const TOLD: readonly (readonly [string, Finding["verdict"], RegExp])[] = [
  ["lru", "biggest", /added to in .* App\.use_lru, taken from in .* Lru\.__setitem__, perhaps bounded in /],
  ["short", "biggest", /taken from in .* Short\.shorten/],
  ["pages", "biggest", /added to in .* App\.page, perhaps bounded in .* App\.page$/],
  ["capped", "biggest", /added to in .* App\.put_capped, perhaps bounded in .* App\.put_capped$/],
  ["checked", "biggest", /added to in .* App\.put_checked, perhaps bounded in .* App\.full$/],
  ["ring", "biggest", /named in .* App\.put_ring$/],
  ["masked", "biggest", /named in .* App\.put_masked$/],
  ["items", "biggest", /added to in .* App\.handle, replaced in .* App\.start$/],
  ["data", "looks like a leak", /added to in \S+ App\.put, and nothing found in the code takes from it$/],
  ["seen", "looks like a leak", /added to in \S+ App\.see, and nothing found in the code takes from it$/],
  ["plain", "looks like a leak", /added to in \S+ App\.put_plain, and nothing found in the code takes from/],
  ["fresh", "looks like a leak", /added to in \S+ App\.put_fresh, replaced in \S+ App\._make_fresh$/],
];

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: what a server fills", (python) => {
  it("looks like a leak where no code takes from it, and none may bound it", async () => {
    const { rows } = await diagnoseProgram(python, SERVER);
    const found = new Map(rows.map((row) => [row.path, row]));
    for (const [name, verdict, why] of TOLD) {
      const row = found.get(`__main__.app.${name}`);
      expect([name, row?.verdict]).toEqual([name, verdict]);
      expect(row?.why).toMatch(why);
      const isReplaced = row?.places.some(({ removes, replaces }) => removes && replaces);
      expect([name, isReplaced]).toEqual([name, /replaced in/.test(row?.why ?? "")]);
    }
  }, 90_000);
});
