/** The longest message the API accepts, in characters as it counts them (code points). */
export const LONGEST_MESSAGE = 5_000;
/** From here on the number of characters left is shown. */
const NEARLY = 500;

export function characterCount(text: string): number {
  return text.length > LONGEST_MESSAGE - NEARLY ? Array.from(text).length : text.length;
}

/** How many characters are left, or null while there is no need to say. Negative when there are too many. */
export function charactersLeft(text: string): number | null {
  const left = LONGEST_MESSAGE - characterCount(text);
  return left <= NEARLY ? left : null;
}

export function canSend(text: string): boolean {
  return text.trim() !== "" && characterCount(text) <= LONGEST_MESSAGE;
}
