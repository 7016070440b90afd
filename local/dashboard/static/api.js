// What the page asks of the site. The keys of the services never come here.

import { released } from "./dom.js";

export class Refused extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`/_local/api${path}`, { signal: AbortSignal.timeout(30_000), ...options });
  } catch (error) {
    throw new Refused(error.name === "TimeoutError" ? "the site did not answer in time" : "the site does not answer");
  }
  const content = await response.json().catch(() => ({ error: `the site answered ${response.status}` }));
  if (!response.ok) throw new Refused(content.error ?? `the site answered ${response.status}`);
  return content;
}

const send = (method) => (path, body) =>
  ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** What is read comes once it may be shown: not under a pressed mouse button. */
export async function get(path) {
  try {
    return await ask(path, {});
  } finally {
    await released();
  }
}

export const post = send("POST");
export const put = send("PUT");
