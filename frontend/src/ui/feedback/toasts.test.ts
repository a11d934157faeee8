import { beforeEach, expect, test } from "vitest";
import { closeToasts, showDoneToast, showFailedToast, useToasts } from "./toasts";

beforeEach(() => useToasts.setState({ toasts: [] }));

const titles = () => useToasts.getState().toasts.map((toast) => toast.title);

test("two at most: the older one gives way", () => {
  showDoneToast("A");
  showDoneToast("B");
  showDoneToast("C");
  expect(titles()).toEqual(["B", "C"]);
});

test("a failure is the last to give way", () => {
  showFailedToast("A");
  showDoneToast("B");
  showDoneToast("C");
  expect(titles()).toEqual(["A", "C"]);
});

test("what follows closes all of them", () => {
  showFailedToast("A");
  closeToasts();
  expect(titles()).toEqual([]);
});
