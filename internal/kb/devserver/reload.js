// Reloads the page when the site was built again. The address of this script
// tells which build the page is from.
const build = new URL(import.meta.url).searchParams.get("build");
new EventSource("/-/events").addEventListener("message", (event) => {
  if (event.data !== build) {
    location.reload();
  }
});
