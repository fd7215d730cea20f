// Search, choice and order of the rows of one table.
{
  const body = document.querySelector("#rows tbody");
  const rows = [...body.rows].map((row) => ({
    row,
    cells: [...row.cells].map((cell) => cell.textContent),
    text: row.textContent.toLowerCase(),
  }));
  const search = document.getElementById("search");
  const selects = [...document.querySelectorAll("select[data-column]")];
  const heads = [...document.querySelectorAll("#rows th")];

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, cells, text } of rows) {
      const isShown =
        words.every((word) => text.includes(word)) &&
        selects.every((select) => !select.value || cells[Number(select.dataset.column)] === select.value);
      row.hidden = !isShown;
      count += isShown;
    }
    document.getElementById("nothing").hidden = count > 0 || !rows.length;
    document.getElementById("shown").textContent = `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  };

  const sort = (index) => {
    const isUp = heads[index].getAttribute("aria-sort") !== "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[index].setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const order = (a, b) => a.cells[index].localeCompare(b.cells[index], "en", { numeric: true });
    rows.sort((a, b) => (isUp ? order(a, b) : order(b, a)));
    body.append(...rows.map(({ row }) => row));
  };

  search.addEventListener("input", show);
  selects.forEach((select) => select.addEventListener("change", show));
  heads.forEach((head, index) => head.firstElementChild.addEventListener("click", () => sort(index)));
  show();
}
