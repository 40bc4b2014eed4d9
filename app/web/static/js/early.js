// Runs before the first paint: "auto" follows the system, everything else came from the server.
const page = document.documentElement;
if (page.dataset.themeChoice === "auto") {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    page.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
}
