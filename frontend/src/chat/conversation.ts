/** Which of two copies of a conversation to show. */

interface Copy {
  id: string;
  /** Grows with every stored change. */
  revision: number;
}

/** The newer of two copies of one conversation; of equal ones the held, of different conversations the arrived. */
export function newerConversation<C extends Copy>(held: C | null | undefined, arrived: C): C {
  return held && held.id === arrived.id && held.revision >= arrived.revision ? held : arrived;
}
