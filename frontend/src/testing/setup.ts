import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { serverStateStore } from "../api/server-state";

// jsdom lacks what menus, dialogs, switches and the canvas measure with.
window.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};
const unheard = () => undefined;
window.matchMedia = (media) =>
  ({
    matches: true,
    media,
    addEventListener: unheard,
    removeEventListener: unheard,
    addListener: unheard, // the code editor asks old browsers' way
    removeListener: unheard,
  }) as unknown as MediaQueryList;
// The code editor measures its lines.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.hasPointerCapture = () => false;
Element.prototype.releasePointerCapture = () => undefined;

// The code of a page is loaded when the page is opened for the first time, which is slow on a busy machine.
configure({ asyncUtilTimeout: 30_000 });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  serverStateStore.setState(serverStateStore.getInitialState());
});
