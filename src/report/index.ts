// The HTML page: one file with the answers about a core, to look at and to send.
// in: a report, results of the answers
// out: the page's text in chunks
export { type PageOptions, reportPage } from "./page.ts";
