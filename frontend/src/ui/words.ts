/** `track_order` as `Track order`. */
export function intentWords(intent: string): string {
  const words = intent.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `pt-BR` as `PT-BR`, `hi-Latn` as `HI-Latn`. */
export function codeWords(code: string): string {
  const [base = code, ...rest] = code.split("-");
  return [base.toUpperCase(), ...rest].join("-");
}
