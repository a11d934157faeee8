/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `make dev` runs this server beside the Python one; every call that is not a page goes there.
const backend = process.env.MILLRACE_BACKEND ?? "http://127.0.0.1:8000";

const IN_A_DOCUMENT = ["src/**/*.test.tsx", "src/**/*.dom.test.ts"];

export default defineConfig(({ command }) => ({
  plugins: [react()],
  base: command === "build" ? "/static/ui/" : "/",
  // Only a page names its files by an address, to which the server adds the path that it is reached below.
  experimental: {
    renderBuiltUrl: (_, { hostType }) => (hostType === "html" ? undefined : { relative: true }),
  },
  // One style sheet: one that is fetched with a later part would be missing when the network failed at that moment.
  build: {
    outDir: "dist",
    sourcemap: false,
    manifest: true,
    cssCodeSplit: false,
    // The chat page is an entry of its own, so that its visitors do not load the editor. So is the script of the widget,
    // which other sites load: it has one name for ever, and needs no other file.
    rolldownOptions: {
      input: ["index.html", "chat.html", "src/widget/widget.ts"],
      output: { entryFileNames: ({ name }) => (name === "widget" ? "widget.js" : "assets/[name]-[hash].js") },
    },
  },
  server: {
    proxy: {
      "/api/": backend,
      "/docs/": backend,
      "/readyz": backend,
      "/static/": backend,
      "/ws/": { target: backend, ws: true },
    },
  },
  test: {
    testTimeout: 90_000,
    pool: "threads", // a thread starts in less time than a process
    maxWorkers: "100%", // one fewer is usual: on two processors that is one
    css: { modules: { classNameStrategy: "non-scoped" } },
    // To make a document takes longer than most tests. Only the files that need one are given one, by their name.
    projects: [
      {
        extends: true,
        test: {
          name: "document",
          environment: "jsdom",
          include: IN_A_DOCUMENT,
          setupFiles: ["src/testing/setup.ts"],
        },
      },
      {
        extends: true,
        test: { name: "plain", environment: "node", include: ["src/**/*.test.ts"], exclude: IN_A_DOCUMENT },
      },
    ],
  },
}));
