import { expect, it } from "vitest";
import { withoutKeys } from "../../src/answers/frame-keys.ts";

it.each([
  ["app.users['anna'].cart", "app.users[*].cart"],
  ["app.users['it]s'][\"o'b]\"][('a', b'c]')][7]", "app.users[*][*][*][*]"],
  ["app.rows[*] and app.rows['x']: 4 items", "app.rows[*] and app.rows[*]: 4 items"],
  ["<threads in fetch app.py:10>.rows", "<threads in fetch app.py:10>.rows"],
  ["app.users['anna", "app.users[*]"],
  ["", ""],
])("%s has no keys as %s", (text, expected) => {
  expect(withoutKeys(text)).toBe(expected);
});
