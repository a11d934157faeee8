import { expect, test } from "vitest";
import type { RunInput } from "../api/types";
import { describeInput } from "./describe-input";

const due = {
  ...{ due_at: "2026-11-30T09:00:00+01:00", date: "2026-11-30", time: "09:00" },
  ...{ time_zone: "Europe/Berlin", late: false, missed: 0, input: {} },
};
const feedback = {
  ...{ change: "given", rating: "bad", previous_rating: "none", remark: "It names the wrong gate." },
  ...{ question: "Which gate?", answer: "The upper.", run_id: "r1", flow_id: "f1", flow_name: "Gate" },
  session_id: "s1",
};

test.each([
  [due, "Schedule, due Mon 30 Nov, 09:00 +01:00, Europe/Berlin"],
  [
    { ...due, late: true, missed: 3 },
    "Schedule, due Mon 30 Nov, 09:00 +01:00, Europe/Berlin, late, 3 times missed before",
  ],
  [feedback, "Chat feedback, rated bad: “It names the wrong gate.”, asked: “Which gate?”"],
  [{ ...feedback, rating: "none", remark: "", question: "" }, "Chat feedback, rating withdrawn"],
  [{ prompt: "Which gate?" }, "Which gate?"],
])("what started a run is told in words: %j", (input, words) => {
  expect(describeInput(input)).toBe(words);
});

const bodies: RunInput[] = [
  { due_at: "soon", time_zone: "UTC", late: false, missed: 0 },
  { due_at: due.due_at },
  { rating: "bad" },
];

test.each(bodies)("a body that only resembles one stays as it is: %j", (input) => {
  expect(describeInput(input)).toBe(JSON.stringify(input));
});
