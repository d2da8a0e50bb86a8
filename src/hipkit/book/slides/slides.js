/* Shows a deck with reveal.js where the window is wide enough for slides. On a narrow one, and without JavaScript, the
   deck is a page to scroll. On paper and in the small windows of the notes it is always slides. */
"use strict";

const narrow = window.matchMedia("(max-width: 700px)");
const given = new URLSearchParams(window.location.search);
const always = given.has("print-pdf") || given.has("receiver");
document.documentElement.classList.toggle("paper", given.has("print-pdf"));
narrow.addEventListener("change", () => always || window.location.reload());

async function show() {
  await MathJax.startup.promise;
  const deck = document.querySelector(".deck");
  if (narrow.matches && !always) {
    deck.dataset.ready = "page";
    return;
  }
  deck.classList.add("reveal");
  document.querySelector(".banner").hidden = given.has("receiver");
  const reveal = new Reveal(deck, {
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    plugins: [RevealNotes],
  });
  await reveal.initialize();
  // As an "application" the slides would take away a screen reader's own keys for reading.
  deck.removeAttribute("role");
  window.deck = reveal;
  deck.dataset.ready = "slides";
}

show();
