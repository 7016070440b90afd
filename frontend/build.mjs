/**
 * Builds the pages beside `dist` and then moves them in, index.html last and what is no longer used after it:
 * whoever serves `dist` meanwhile has whole pages at every moment, and a build that fails changes nothing.
 */

import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "vite";

const PAGE = "index.html";
const dist = path.join(import.meta.dirname, "dist");
const fresh = path.join(import.meta.dirname, "node_modules", `.build-${process.pid}`);

/** Paths of the files in a folder and below it. */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

async function moveIn(name) {
  await mkdir(path.dirname(path.join(dist, name)), { recursive: true });
  await rename(path.join(fresh, name), path.join(dist, name));
}

try {
  await build({ build: { outDir: fresh, emptyOutDir: true } });
  await mkdir(dist, { recursive: true });
  const built = await filesIn(fresh);
  for (const name of built) if (name !== PAGE) await moveIn(name);
  await moveIn(PAGE);
  const kept = new Set(built);
  for (const name of await filesIn(dist))
    if (!kept.has(name)) await rm(path.join(dist, name), { force: true });
} finally {
  await rm(fresh, { recursive: true, force: true });
}
