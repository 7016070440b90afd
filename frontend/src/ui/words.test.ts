import { describe, expect, it } from "vitest";
import { codeWords, intentWords } from "./words";

describe("what the server names for machines", () => {
  it("is shown as people write it", () => {
    expect([intentWords("track_order"), intentWords("complaint")]).toEqual(["Track order", "Complaint"]);
    expect(["pt", "pt-BR", "hi-Latn"].map(codeWords)).toEqual(["PT", "PT-BR", "HI-Latn"]);
  });
});
