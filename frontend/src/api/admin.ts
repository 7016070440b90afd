/** What the administration asks of the HTTP API; each gives its answer or throws an ApiProblem. */

import { answer, connect, limited } from "./client";
import type { Health, IntentModel, IntentModels, SupportedLanguages } from "./models";
import { asProblem, problemFrom } from "./problem";

const UPLOAD_LIMIT_MS = 60_000;

export interface TrainingRequest {
  name: string;
  examples: { text: string; intent: string }[];
  withDefaultExamples: boolean;
  /** The same for all attempts at this one training, so that a lost answer does not begin it twice. */
  clientModelId: string;
}

export type AdminApi = ReturnType<typeof adminApi>;

export function adminApi(token: string) {
  const client = connect(token);
  return {
    /** Also when a service fails: then the server answers with 503 and says which. */
    async health(signal?: AbortSignal): Promise<Health> {
      let failing: Health | null = null;
      const call = client.GET("/health/ready", limited(signal)).then((outcome) => {
        if (isHealth(outcome.error)) failing = outcome.error;
        return outcome;
      });
      try {
        return await answer(call);
      } catch (thrown) {
        if (failing !== null) return failing;
        throw thrown;
      }
    },
    languages(): Promise<SupportedLanguages> {
      return answer(client.GET("/languages/supported", limited()));
    },
    intentModels(signal?: AbortSignal): Promise<IntentModels> {
      return answer(client.GET("/intents/models", limited(signal)));
    },
    async intentModel(version: string, signal?: AbortSignal): Promise<IntentModel> {
      const params = { path: { version } };
      return (await answer(client.GET("/intents/models/{version}", { params, ...limited(signal) }))).model;
    },
    async train(request: TrainingRequest): Promise<IntentModel> {
      const body = {
        name: request.name,
        examples: request.examples,
        with_default_examples: request.withDefaultExamples,
        client_model_id: request.clientModelId,
      };
      const call = client.POST("/intents/models", { body, ...limited(undefined, UPLOAD_LIMIT_MS) });
      return (await answer(call)).model;
    },
    async activate(version: string): Promise<IntentModel> {
      const params = { path: { version } };
      return (await answer(client.POST("/intents/models/{version}/activate", { params, ...limited() })))
        .model;
    },
    async remove(version: string): Promise<void> {
      const params = { path: { version } };
      const outcome = await client
        .DELETE("/intents/models/{version}", { params, ...limited() })
        .catch((thrown) => {
          throw asProblem(thrown);
        });
      if (!outcome.response.ok) throw problemFrom(outcome.error, outcome.response.status);
    },
    /** What a model was trained on, as a CSV file. */
    examples(version: string): Promise<Blob> {
      const params = { path: { version } };
      const call = client.GET("/intents/models/{version}/examples", {
        params,
        parseAs: "blob",
        ...limited(undefined, UPLOAD_LIMIT_MS),
      });
      return answer<Blob>(call as Promise<{ data?: Blob; error?: unknown; response: Response }>);
    },
  };
}

function isHealth(body: unknown): body is Health {
  return typeof body === "object" && body !== null && "dependencies" in body && "engines" in body;
}
