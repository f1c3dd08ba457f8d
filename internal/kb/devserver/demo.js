// Shows results in the article, for its writer: of each step the first problem
// that the catalogue knows, or else the first finding. Places for values hold
// their names.
const steps = [...document.querySelectorAll("article .step")].map((step) => {
  const findings = [...step.querySelectorAll(".answers > details .findings > li")];
  const finding = findings.find((f) => f.querySelector(".verdict-problem")) ?? findings[0];
  const names = [...(finding?.querySelectorAll("[data-value]") ?? [])].map((place) => place.dataset.value);
  return { a: step.id, f: [{ i: finding?.dataset.finding, x: Object.fromEntries(names.map((name) => [name, name])) }] };
});
const results = {
  slug: document.querySelector("article")?.dataset.slug,
  plan: document.querySelector("[data-plan-hash]")?.dataset.planHash,
  os: "10.0.26200.7092",
  time: Math.floor(Date.now() / 1000),
  steps,
};
if (steps.length > 0) {
  const bytes = Array.from(new TextEncoder().encode(JSON.stringify(results)), (b) => String.fromCharCode(b));
  location.hash = `#kbprobe=1.${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}
