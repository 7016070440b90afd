// How numbers and moments are written.

export function milliseconds(value) {
  if (value === null || value === undefined) return "–";
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
  if (value < 3_600_000) return `${Math.floor(value / 60_000)} min ${Math.round((value % 60_000) / 1000)} s`;
  if (value < 86_400_000) return `${Math.floor(value / 3_600_000)} h ${Math.round((value % 3_600_000) / 60_000)} min`;
  return `${(value / 86_400_000).toFixed(1)} d`;
}

export const megabytes = (bytes) => (bytes === null ? "–" : `${Math.round(bytes / 1e6)} MB`);

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

export function moment(text) {
  const time = new Date(text);
  const today = time.toDateString() === new Date().toDateString();
  const hour = time.toLocaleTimeString("en-GB");
  return today ? hour : `${time.toLocaleDateString("en-CA")} ${hour}`;
}

/** JSON set out over lines where the text is JSON, also when it is encoded twice; else the text. */
export function pretty(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

export function short(value, most = 160) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text === undefined ? "" : text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
