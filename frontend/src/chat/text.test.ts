import { describe, expect, it } from "vitest";
import { canSend, charactersLeft } from "./text";

describe("the length of a message", () => {
  it("is not mentioned until it matters", () => {
    expect([charactersLeft("a".repeat(4_499)), charactersLeft("a".repeat(4_500))]).toEqual([null, 500]);
  });

  it("counts an emoji as one character, as the server does", () => {
    expect([charactersLeft("😀".repeat(5_000)), canSend("😀".repeat(5_000))]).toEqual([0, true]);
  });

  it("stops a message that is too long, and one that is blank", () => {
    expect([canSend("a".repeat(5_001)), canSend(" \n "), canSend("a")]).toEqual([false, false, true]);
  });
});
