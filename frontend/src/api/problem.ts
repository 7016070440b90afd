/** Why a call to the API did not give what was asked for. */

export interface FieldError {
  field: string;
  message: string;
}

export class ApiProblem extends Error {
  /**
   * @param code the API's own code (`validation`, `conflict`, …), or `unreachable` when no answer came at all
   * @param status HTTP status, 0 when no answer came
   */
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly errors: readonly FieldError[] = [],
    readonly assignedAgentName: string | null = null,
  ) {
    super(message);
    this.name = "ApiProblem";
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 408 || this.status >= 500;
  }

  /** The problem in words for a person at the desk. */
  get words(): string {
    if (this.assignedAgentName !== null) return `${this.assignedAgentName} already has this conversation.`;
    const fields = this.errors.map(({ field, message }) => `${field}: ${message}`);
    return [this.message, ...fields].filter((part) => part !== "").join(" — ");
  }
}

/** Reads the body of a failed answer (RFC 9457, or whatever a proxy in between made of it). */
export function problemFrom(body: unknown, status: number): ApiProblem {
  const fields: Record<string, unknown> = isRecord(body) ? body : {};
  const code = text(fields.code) ?? (status === 401 ? "unauthenticated" : "unknown");
  const message = text(fields.detail) ?? text(fields.title) ?? `The server answered with status ${status}.`;
  return new ApiProblem(code, status, message, fieldErrors(fields.errors), text(fields.assigned_agent_name));
}

/** The problem when the request never got an answer. */
export function unreachable(): ApiProblem {
  return new ApiProblem("unreachable", 0, "The server could not be reached.");
}

/** Any thrown value as a problem, so that callers handle one kind. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  return new ApiProblem("unknown", -1, thrown instanceof Error ? thrown.message : String(thrown));
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const field = isRecord(entry) ? text(entry.field) : null;
    const message = isRecord(entry) ? text(entry.message) : null;
    return field !== null && message !== null ? [{ field, message }] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
