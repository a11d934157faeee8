import { expect, test } from "vitest";
import { ApiError } from "./client";
import { getFieldError, getFormError } from "./refusals";

const refuse = (field: string) =>
  new ApiError(422, { code: "invalid", message: "This is no origin.", field });

test("a refusal of one value of a list is shown at the field of the list", () => {
  expect(getFieldError(refuse("origins.0"), "origins")).toBe("This is no origin.");
  expect(getFormError(refuse("origins.0"), ["origins"])).toBeNull();
});

test("a refusal within another field is not", () => {
  expect(getFieldError(refuse("limits.runs_at_once"), "limits")).toBeNull();
  expect(getFieldError(refuse("origins_of_others.0"), "origins")).toBeNull();
  expect(getFormError(refuse("name"), ["origins"])).toBe("This is no origin.");
});
