import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: process.env.API_ORIGIN ?? "http://127.0.0.1:7071", changeOrigin: false } },
  },
  preview: { host: "127.0.0.1" },
  build: {
    // The first releases with light-dark() and :dir(), so that neither is rewritten.
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    sourcemap: false,
    // The content security policy refuses data: scripts and styles, so everything stays a file of its own.
    assetsInlineLimit: 0,
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
