// Mark the sign-in page's file field while it is empty, which CSS cannot tell of a field that may stay so.
const field = document.querySelector("input[type=file]");
const tell = () => field.parentElement.toggleAttribute("data-empty", !field.files.length);
field.addEventListener("change", tell);
tell();
