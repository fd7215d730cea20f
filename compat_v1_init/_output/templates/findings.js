// The list of findings: filtered over all of them, put on the page a part at a time, each opened on demand.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const PART = 60;
  const COLOURS = data.colours;
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  const search = byId("search");
  const selects = { repository: byId("repository"), rule: byId("rule"), folder: byId("folder") };
  let effect = "";
  let shown = [];
  let placed = 0;
  let lastFile = null;

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  for (const finding of data.findings) {
    const file = data.files[finding.file];
    finding.text = [file.path, finding.code, data.rules[finding.code]?.title, finding.effect, finding.before,
      finding.after, finding.message, finding.proof].join("\n").toLowerCase();
    finding.folder = file.path.split("/").slice(0, -1).map((part, index, all) => all.slice(0, index + 1).join("/"));
    finding.repository = file.repository;
  }

  const fill = (select, values, name) => {
    if (!select) return;
    for (const [value, count] of [...values].sort((a, b) => a[0].localeCompare(b[0]))) {
      const option = make("option", "", `${name(value)} (${count.toLocaleString("en")})`);
      option.value = value;
      select.append(option);
    }
  };
  const counted = (keys) => {
    const counts = new Map();
    for (const finding of data.findings) for (const key of keys(finding)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  fill(selects.repository, counted((finding) => [finding.repository]), (value) => value);
  fill(selects.rule, counted((finding) => [finding.code]), (value) => `${value} ${data.rules[value]?.title ?? ""}`);
  fill(selects.folder, counted((finding) => finding.folder), (value) => value);

  const source = (rows) => {
    const isChange = rows.some((row) => row.length > 3);
    const table = make("table");
    const columns = make("colgroup");
    for (const name of isChange ? ["number", "", "number", ""] : ["number", ""]) columns.append(make("col", name));
    const body = make("tbody");
    for (const [oldNumber, oldHtml, newNumber, newHtml] of rows) {
      const isBoth = newHtml === undefined;
      const row = make("tr", isBoth ? "both" : "");
      const cell = (number, html, side) => {
        const kind = isBoth ? "" : number === null ? " none" : ` ${side}`;
        row.append(make("td", `number${kind}${side === "new" ? " half" : ""}`, number ?? ""));
        const text = make("td", kind.trim());
        text.innerHTML = html;  // Made by Pygments, which escapes the source.
        row.append(text);
      };
      cell(oldNumber, oldHtml, "old");
      if (isChange) cell(newNumber, isBoth ? oldHtml : newHtml, "new");
      body.append(row);
    }
    table.append(columns, body);
    const holder = make("div", "code");
    holder.append(table);
    return holder;
  };

  const open = (finding, holder) => {
    const facts = make("dl");
    const rule = data.rules[finding.code];
    for (const [name, text] of [
      ["reason", finding.message],
      ["what to do", data.advice[finding.effect]],
      ["proof", finding.proof ?? (finding.after === null ? "" : "not asked for: --prove builds it both ways")],
      ["rule", rule ? `${finding.code} ${rule.title}: ${rule.summary}` : finding.code],
    ]) {
      if (!text) continue;
      const holder = make("dd");
      // What stands between backquotes is source.
      text.split("`").forEach((part, index) => holder.append(index % 2 ? make("code", "", part) : part));
      facts.append(make("dt", "", name), holder);
    }
    holder.append(facts);
    if (finding.hunk !== null) holder.append(source(data.hunks[finding.hunk]));
  };

  const entry = (finding) => {
    const details = make("details", "finding");
    details.style.setProperty("--colour", `var(--${COLOURS[finding.effect]})`);
    const summary = make("summary");
    summary.append(make("span", "place mono", finding.place), make("span", "mono", finding.code));
    summary.append(make("span", "effect", finding.effect));
    const change = finding.after === null || finding.after === finding.before
      ? finding.before : `${finding.before} → ${finding.after}`;
    summary.append(make("span", "short mono", change));
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) {
        const body = make("div", "body");
        open(finding, body);
        details.append(body);
      }
    });
    return details;
  };

  const more = () => {
    const part = document.createDocumentFragment();
    for (const finding of shown.slice(placed, placed + PART)) {
      if (finding.file !== lastFile) {
        const file = data.files[finding.file];
        part.append(make("h3", "file mono", file.repository ? `${file.repository}: ${file.path}` : file.path));
        lastFile = finding.file;
      }
      part.append(entry(finding));
    }
    placed += PART;
    list.append(part);
  };

  const isAtEnd = () => byId("end").getBoundingClientRect().top < innerHeight + 800;
  const fillScreen = () => {
    while (placed < shown.length && isAtEnd()) more();
  };

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const repository = selects.repository?.value;
    const rule = selects.rule.value;
    const folder = selects.folder.value;
    shown = data.findings.filter((finding) =>
      (!effect || finding.effect === effect) &&
      (!repository || finding.repository === repository) &&
      (!rule || finding.code === rule) &&
      (!folder || finding.folder.includes(folder)) &&
      words.every((word) => finding.text.includes(word)));
    byId("shown").textContent =
      `${shown.length.toLocaleString("en")} of ${data.findings.length.toLocaleString("en")} places`;
    list.replaceChildren();
    if (!shown.length) {
      const isFiltered = data.findings.length > 0;
      const said = isFiltered ? "No place matches. Change the search or a choice." : "No place of TensorFlow 1's initializers.";
      list.append(make("p", "note", said));
    }
    placed = 0;
    lastFile = null;
    fillScreen();
    const state = new URLSearchParams();
    for (const [key, value] of Object.entries({ q: search.value, effect, repository, rule, folder })) {
      if (value) state.set(key, value);
    }
    history.replaceState(null, "", state.size ? `#${state}` : "#");
  };

  const press = () => {
    for (const card of document.querySelectorAll("[data-effect]")) {
      card.setAttribute("aria-pressed", String(card.dataset.effect === effect));
    }
  };
  for (const card of document.querySelectorAll("[data-effect]")) {
    card.addEventListener("click", () => {
      effect = effect === card.dataset.effect ? "" : card.dataset.effect;
      press();
      show();
    });
  }
  for (const button of document.querySelectorAll("[data-repository]")) {
    button.addEventListener("click", () => {
      selects.repository.value = button.dataset.repository;
      show();
      list.scrollIntoView();
    });
  }
  search.addEventListener("input", show);
  for (const select of Object.values(selects)) select?.addEventListener("change", show);
  addEventListener("scroll", fillScreen, { passive: true });
  addEventListener("resize", fillScreen, { passive: true });

  // A filtered list can be sent as an address.
  const state = new URLSearchParams(location.hash.slice(1));
  search.value = state.get("q") ?? "";
  effect = state.get("effect") ?? "";
  for (const [key, select] of Object.entries(selects)) if (select) select.value = state.get(key) ?? "";
  press();
  show();
}
