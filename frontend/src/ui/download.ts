/** Gives a file to the browser to keep under a name. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes the content over before it is let go.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
