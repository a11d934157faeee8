import { expect, test } from "vitest";
import { getServerAddress, readBasePath, withBasePath } from "./server-address";

test.each([
  ["/static/ui/assets/main-1.js", ""],
  ["/millrace/static/ui/assets/main-1.js", "/millrace"],
  ["/tools/mill-race/static/ui/assets/main-1.js", "/tools/mill-race"],
  ["/src/api/server-address.ts", ""],
])("a build whose file is %s is reached below %j", (file, path) => {
  expect(readBasePath(file)).toBe(path);
});

test("a server with a host name to itself has its addresses at the root", () => {
  expect(withBasePath("/docs/")).toBe("/docs/");
  expect(getServerAddress()).toBe(location.origin);
});
