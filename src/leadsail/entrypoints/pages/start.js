// Gives every block of code a button that copies it. Without a clipboard (plain http elsewhere) there is no button.
for (const pre of navigator.clipboard ? document.querySelectorAll("pre") : []) {
  const block = document.createElement("div");
  const button = document.createElement("button");
  block.className = "block";
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(pre.textContent);
    button.textContent = "Copied";
  });
  pre.replaceWith(block);
  block.append(pre, button);
}
