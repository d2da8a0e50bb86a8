// Shows why the option that the reader chose is right or wrong. The texts stand in the page; nothing is sent anywhere.
document.addEventListener("DOMContentLoaded", () => {
  for (const quiz of document.querySelectorAll(".quiz")) {
    const reasons = quiz.querySelectorAll("details li");
    const status = quiz.querySelector(".quiz-feedback");
    quiz.addEventListener("change", (event) => {
      const reason = reasons[Number(event.target.value) - 1];
      status.innerHTML = reason.innerHTML;
      status.className = `quiz-feedback ${reason.className}`;
    });
  }
});

// The theme lets the keyboard reach what scrolls, and looks for it when the page is loaded or its window changes. What
// was folded then has to be looked at when it is unfolded.
const lookAgain = () => window.dispatchEvent(new Event("resize"));
document.addEventListener("toggle", lookAgain, true);
document.addEventListener("click", (event) => {
  if (event.target.closest(".toggle, .toggle-button")) lookAgain();
});
