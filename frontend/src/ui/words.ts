/** `track_order` as `Track order`. */
export function intentWords(intent: string): string {
  const words = intent.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
