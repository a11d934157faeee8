import { expect, test } from "vitest";
import { getNextPage, getSignInAddress } from "./next-page";

test.each([
  ["/flows/7?tab=runs", "/flows/7?tab=runs"],
  ["/connections", "/connections"],
  ["https://example.com/", "/flows"],
  ["//example.com/", "/flows"],
  ["/\\example.com", "/flows"],
  ["javascript:alert(1)", "/flows"],
  ["flows", "/flows"],
])("after signing in, next=%s leads to %s", (next, page) => {
  expect(getNextPage(new URLSearchParams({ next }))).toBe(page);
});

test("the page that asked is kept in the address", () => {
  expect(getSignInAddress({ pathname: "/flows/7", search: "?a=b" })).toBe(
    "/sign-in?next=%2Fflows%2F7%3Fa%3Db",
  );
  expect(getSignInAddress({ pathname: "/flows", search: "" })).toBe("/sign-in");
});
