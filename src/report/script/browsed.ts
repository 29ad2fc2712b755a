import { formatCount } from "../../terms/index.ts";
import { element, shown } from "../element.ts";
import { isNumber, type PageColumn, type PageTable, rowOf, STATIC_ROWS } from "../table.ts";
import { button, toDom } from "./dom.ts";

/** Rows that come with each press of the button below a table. */
const MORE_ROWS = 200;

/** A table of the file, with all its rows, which can be sorted and searched. */
export class BrowsedTable<Row> {
  readonly #table: PageTable<Row>;
  readonly #rows: readonly Row[];
  readonly #body: HTMLTableSectionElement;
  readonly #heads = new Map<string, HTMLTableCellElement>();
  readonly #texts: readonly string[];
  readonly #status: HTMLElement;
  readonly #more: HTMLElement;
  readonly #search: HTMLInputElement;
  #order: readonly number[];
  #key: string;
  #descending = true;
  #most = STATIC_ROWS;
  /** The rows that a link named. */
  #targets: readonly Row[] = [];

  constructor(place: HTMLTableElement, table: PageTable<Row>, rows: readonly Row[]) {
    this.#table = table;
    this.#rows = rows;
    this.#key = table.sorted;
    this.#order = rows.map((_, index) => index);
    this.#body = place.tBodies[0] ?? place.createTBody();
    const words = table.columns.filter((column) => !isNumber(column));
    this.#texts = rows.map((row) =>
      words.map((column) => shown(String(column.of(row) ?? "")).toLowerCase()).join("\n"),
    );
    for (const column of table.columns) this.#head(place, column);
    this.#status = toDom(element("span", { role: "status" }));
    this.#more = button("", () => {
      this.#most += MORE_ROWS;
      this.#show();
    });
    const label = toDom(element("label", {}, `Search ${table.noun} `));
    this.#search = document.createElement("input");
    this.#search.type = "search";
    this.#search.addEventListener("input", () => {
      this.#most = STATIC_ROWS;
      this.#show();
    });
    label.append(this.#search);
    const tools = toDom(element("div", { class: "tools" }));
    tools.append(label, this.#status);
    const around = place.parentElement ?? place;
    around.before(tools);
    around.after(this.#more);
    this.#show();
  }

  /** Makes the rows that go by a name seen, whatever was searched for. */
  reveal(name: string): void {
    const [column] = this.#table.columns;
    this.#targets = this.#rows.filter((row) => shown(String(column?.of(row) ?? "")) === name);
    if (this.#targets.length === 0) return;
    this.#search.value = "";
    const isTarget = (index: number) => this.#targets.some((row) => row === this.#rows[index]);
    this.#most = Math.max(this.#most, this.#order.findLastIndex(isTarget) + 1);
    this.#show();
    const lines = [...this.#body.querySelectorAll("tr.target")];
    for (const line of lines) for (const details of line.querySelectorAll("details")) details.open = true;
    lines[0]?.scrollIntoView({ block: "center" });
  }

  #head(place: HTMLTableElement, column: PageColumn<Row>): void {
    const head = place.querySelector<HTMLTableCellElement>(`thead th[data-key="${column.key}"]`);
    if (head === null) return;
    this.#heads.set(column.key, head);
    head.replaceChildren(
      button(column.title, () => {
        this.#descending = this.#key === column.key ? !this.#descending : isNumber(column);
        this.#key = column.key;
        this.#sort(column);
        this.#show();
      }),
    );
  }

  #sort({ of }: PageColumn<Row>): void {
    const sign = this.#descending ? -1 : 1;
    const values = this.#rows.map(of);
    this.#order = this.#rows
      .map((_, index) => index)
      .sort((a, b) => compare(values[a] ?? null, values[b] ?? null, sign) || a - b);
    for (const head of this.#heads.values()) head.removeAttribute("aria-sort");
    this.#heads.get(this.#key)?.setAttribute("aria-sort", this.#descending ? "descending" : "ascending");
  }

  #show(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#order.filter((index) => wanted === "" || this.#texts[index]?.includes(wanted));
    const lines = found.slice(0, this.#most).flatMap((index) => {
      const row = this.#rows[index];
      if (row === undefined) return [];
      const line = toDom(rowOf(this.#table, row));
      if (this.#targets.includes(row)) line.classList.add("target");
      return [line];
    });
    this.#body.replaceChildren(...lines);
    this.#status.textContent = `${formatCount(lines.length)} of ${formatCount(found.length)} shown`;
    const left = found.length - lines.length;
    this.#more.hidden = left === 0;
    this.#more.textContent = `Show ${formatCount(Math.min(left, MORE_ROWS))} more`;
  }
}

/** Null last, whichever way. */
function compare(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return sign * (typeof a === "number" && typeof b === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0);
}
