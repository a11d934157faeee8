import { expect, test } from "vitest";
import { everything, toQuery } from "./audit-filter";

test("what is not chosen narrows nothing", () => {
  expect(toQuery(everything)).toEqual({});
});

test("a span of days holds its first and its last day, as this device counts days", () => {
  const query = toQuery({ ...everything, from: "2026-11-28", to: "2026-11-29" });
  expect(query).toEqual({
    since: new Date(2026, 10, 28).toISOString(),
    until: new Date(2026, 10, 30).toISOString(),
  });
});

test("the person and the deed are sent by their names in the API", () => {
  const actor = { id: "u1", name: "Ines" };
  expect(toQuery({ ...everything, actor, deed: "key.created" })).toEqual({
    person: "u1",
    deed: "key.created",
  });
});
