// A button beside each command that copies it; without this script commands are selected by hand.
"use strict";

function addButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    } catch {
      window.getSelection().selectAllChildren(block);
      button.textContent = "Selected: press Ctrl+C";
    }
    window.setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  button.setAttribute("aria-live", "polite");
  block.before(button);
}

if (navigator.clipboard) document.querySelectorAll("pre.copied").forEach(addButton);
