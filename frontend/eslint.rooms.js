/** The rooms of `src`, and what each may import beside itself. What is not listed is refused. */
import importX, { createNodeResolver } from "eslint-plugin-import-x";

const PANEL = ["api", "ui", "graph", "run"];
const PAGE = ["api", "ui", "pages/resource", "pages/account"];

/** A room inside another one obeys the rules of both. */
const rooms = {
  ui: [],
  api: [],
  graph: ["api"],
  saving: ["api", "graph"],
  run: ["api"],
  "run-panel": [...PANEL, "pages/resource/ResourceDialog.tsx"],
  "chat-page": ["api", "ui", "run-panel/markdown", "run-panel/sentences.ts"],
  widget: [],
  pages: ["api", "ui", "graph/action-index.ts", "graph/test-input.ts"],
  "pages/account": ["api", "ui"],
  "pages/resource": ["api", "ui", "pages/account"],
  "pages/flows": PAGE,
  "pages/connections": PAGE,
  "pages/variables": PAGE,
  "pages/collections": PAGE,
  "pages/api-keys": [...PAGE, "graph/action-index.ts", "graph/test-input.ts"],
  "pages/templates": PAGE,
  "pages/sign-in": PAGE,
  "pages/join": [...PAGE, "pages/sign-in/CodeForm.tsx", "pages/sign-in/ProviderButton.tsx"],
  "pages/members": PAGE,
  "pages/own-account": [...PAGE, "pages/second-factor"],
  "pages/second-factor": [...PAGE, "pages/sign-in/CodeField.tsx"],
  "pages/audit-log": PAGE,
  "pages/queue": PAGE,
  editor: [
    ...PANEL,
    "saving",
    "run-panel",
    "pages/account",
    "pages/flows/FlowDialog.tsx",
    "pages/resource/ResourceDialog.tsx",
    "pages/resource/LimitFields.tsx",
    "pages/resource/limits.ts",
    "pages/flows/useExportFlow.ts",
  ],
  "editor/canvas": PANEL,
  "editor/palette": [...PANEL, "editor/canvas"],
  "editor/properties": [...PANEL, "editor/canvas/card/ActionIcon.tsx"],
  "editor/commands": [...PANEL, "saving", "editor/canvas", "editor/layout.ts", "editor/run-controls.ts"],
  "editor/chat-page": [
    "api",
    "ui",
    "editor/layout.ts",
    "pages/resource/ResourceDialog.tsx",
    "pages/resource/LimitFields.tsx",
    "pages/resource/limits.ts",
  ],
  "editor/versions": [
    ...PANEL,
    "saving",
    "editor/canvas",
    "editor/layout.ts",
    "editor/version-controls.ts",
    "pages/resource/ResourceDialog.tsx",
  ],
  app: ["api", "ui", "pages", "editor"],
};

function restrictRooms(alsoAllowed) {
  const zones = Object.entries(rooms).map(([room, allowed]) => ({
    target: `./src/${room}`,
    from: "./src",
    except: [room, ...allowed, ...alsoAllowed].map((path) => `./${path}`),
    message: `'${room}' imports only ${[room, ...allowed].join(", ")}: see eslint.rooms.js.`,
  }));
  return { "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }] };
}

const TESTS = ["src/**/*.test.{ts,tsx}"];
const REACT =
  "^(react|react-dom|react-router|radix-ui|cmdk|zustand|@xyflow/react|@tanstack/react-query)$|^react(-dom)?/|\\.css$";
const PAGE_GLOBALS = ["document", "window", "navigator", "location", "localStorage", "fetch"];

export default [
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx", ".js"] })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: { ...restrictRooms([]), "import-x/no-cycle": "error" },
  },
  { files: TESTS, rules: restrictRooms(["testing"]) },
  {
    files: ["src/{graph,saving,run}/**/*.ts"],
    ignores: ["src/**/use*.ts", ...TESTS],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: REACT, message: "Only the hooks of this room (use*.ts) know React." }] },
      ],
    },
  },
  {
    files: ["src/graph/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...PAGE_GLOBALS.map((name) => ({ name, message: "The graph knows no browser page." })),
      ],
    },
  },
];
