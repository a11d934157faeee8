/* global document, localStorage */
// Applies the theme that the person has chosen, before anything is drawn. The pages of the server load this file too.
// src/ui/theme.ts stores the choice.
{
  const chosen = localStorage.getItem("millrace.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
