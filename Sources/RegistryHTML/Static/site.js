// Small comforts; every page works without them.
"use strict";

const search = document.querySelector("#q");
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key !== "/" || isTyping || !search || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  search.select();
});

for (const block of document.querySelectorAll("pre.shell, pre.wrap")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  const text = block.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  block.append(button);
}

for (const listing of document.querySelectorAll(".json")) {
  const folds = listing.querySelectorAll("details");
  if (folds.length === 0) continue;
  const button = document.createElement("button");
  button.className = "expand";
  button.type = "button";
  button.textContent = "Unfold all";
  button.addEventListener("click", () => {
    const open = ![...folds].every((fold) => fold.open);
    for (const fold of folds) fold.open = open;
    button.textContent = open ? "Fold all" : "Unfold all";
  });
  listing.before(button);
}
