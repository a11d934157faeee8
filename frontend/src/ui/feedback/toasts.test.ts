import { beforeEach, expect, test } from "vitest";
import { toastDone, toastFailed, useToasts } from "./toasts";

beforeEach(() => useToasts.setState({ toasts: [] }));

const titles = () => useToasts.getState().toasts.map((toast) => toast.title);

test("two at most: the older one gives way", () => {
  toastDone("A");
  toastDone("B");
  toastDone("C");
  expect(titles()).toEqual(["B", "C"]);
});

test("a failure is the last to give way", () => {
  toastFailed("A");
  toastDone("B");
  toastDone("C");
  expect(titles()).toEqual(["A", "C"]);
});
