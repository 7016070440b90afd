import { describe, expect, it } from "vitest";
import { problemFrom, unreachable } from "./problem";

describe("problems in words", () => {
  it("names who already has the conversation", () => {
    const problem = problemFrom(
      { code: "conflict", detail: "Taken.", assigned_agent_name: "Second Agent" },
      409,
    );
    expect(problem.words).toBe("Second Agent already has this conversation.");
  });

  it("names the field that was refused", () => {
    const errors = [{ field: "description", message: "must not be empty" }];
    const problem = problemFrom({ code: "validation", detail: "Some fields are wrong.", errors }, 400);
    expect(problem.words).toBe("Some fields are wrong. — description: must not be empty");
  });

  it("has words for an answer that is no problem document", () => {
    expect(problemFrom("<html>Bad gateway</html>", 502).words).toBe("The server answered with status 502.");
  });

  it("tells what may pass from what will not", () => {
    const passing = [unreachable(), problemFrom({}, 503), problemFrom({}, 429)].map(
      (problem) => problem.passing,
    );
    const final = [400, 401, 404, 409].map((status) => problemFrom({}, status).passing);
    expect([passing, final]).toEqual([
      [true, true, true],
      [false, false, false, false],
    ]);
  });
});
