// Draws each chart from its own description, in the colours and the size of the page.
"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 40rem)");
  const options = {
    mode: "vega-lite",
    ast: true, // no generated code: the policy of these pages forbids it
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  async function draw(box) {
    const address = new URL(box.dataset.spec, location.href);
    if (dark.matches) address.searchParams.set("theme", "dark");
    if ("sized" in box.dataset && narrow.matches) address.searchParams.set("size", "narrow");
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      await vegaEmbed(box, await answer.json(), options);
      fit(box.querySelector("svg"));
    } catch (error) {
      const words = document.createElement("p");
      words.textContent = `The chart could not be drawn (${error.message}). The table below holds the same numbers.`;
      box.replaceChildren(words);
    }
  }

  // Scaled by the page: words stay readable on a phone.
  function fit(svg) {
    if (!svg) return;
    const width = svg.getAttribute("width");
    const height = svg.getAttribute("height");
    if (!svg.hasAttribute("viewBox")) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    svg.setAttribute("aria-hidden", "true"); // the box around it carries the words
  }

  const boxes = [...document.querySelectorAll(".chart[data-spec]")];
  const near = new IntersectionObserver(
    (seen) => {
      for (const one of seen.filter((entry) => entry.isIntersecting)) {
        near.unobserve(one.target);
        one.target.dataset.drawn = "";
        draw(one.target);
      }
    },
    { rootMargin: "600px" },
  );
  boxes.forEach((box) => near.observe(box));
  const again = () => boxes.filter((box) => "drawn" in box.dataset).forEach(draw);
  dark.addEventListener("change", again);
  narrow.addEventListener("change", again);
  addEventListener("beforeprint", () => {
    boxes.filter((box) => !("drawn" in box.dataset)).forEach(draw);
  });
})();
