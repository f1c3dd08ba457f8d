// The search runs beside the page, which stays responsive while a long log is
// read. Nothing leaves the machine but requests for files of the index, whose
// names do not tell what was asked for.

import { Engine } from "./engine";
import type { Question, Reply } from "./message";
import { UnreadableError } from "./store";

const mostHits = 20;

let engine: Engine | undefined;

function open(base: string): Engine {
  return new Engine(async (path, fresh) => {
    const manifest = path.endsWith("/manifest.json");
    const response = await fetch(base + path, { cache: fresh ? "reload" : manifest ? "no-cache" : "default" });
    if (response.status === 404) {
      return undefined;
    }
    if (!response.ok) {
      throw new UnreadableError(path);
    }
    return (await response.json()) as unknown;
  });
}

async function answer(question: Question): Promise<Reply> {
  const reply: Reply = { id: question.id, failed: false, partial: false, codes: [], total: 0, hits: [] };
  try {
    engine ??= open(question.base);
    const { codes, hits, partial } = await engine.find(question.text);
    return { ...reply, partial, codes: codes.map((c) => c.key), total: hits.length, hits: hits.slice(0, mostHits) };
  } catch {
    return { ...reply, failed: true };
  }
}

// Only the newest question matters: others that wait are dropped.
let waiting: Question | undefined;
let busy = false;

async function work(): Promise<void> {
  busy = true;
  while (waiting !== undefined) {
    const question = waiting;
    waiting = undefined;
    postMessage(await answer(question));
  }
  busy = false;
}

addEventListener("message", (event: MessageEvent<Question>) => {
  waiting = event.data;
  if (!busy) {
    void work();
  }
});
