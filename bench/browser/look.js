// Looks at the page as it is laid out. What it finds wrong goes into Problems.
(() => {
  const problems = [];
  const name = (e) => `${e.tagName.toLowerCase()} "${(e.getAttribute("aria-label") || e.textContent).trim().slice(0, 60)}"`;
  const root = document.documentElement;

  if (root.scrollWidth > root.clientWidth) problems.push(`the page is ${root.scrollWidth} pixels wide, the window ${root.clientWidth}`);

  // Contrast as WCAG 2 defines it: at least 4.5 for text.
  const parse = (c) => (c.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const luminance = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const background = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  for (const e of document.querySelectorAll("h1, h2, h3, p, a, th, td, caption, dt, dd, pre, text")) {
    if (!e.textContent.trim()) continue;
    const style = getComputedStyle(e);
    const ratio = contrast(parse(e.tagName === "text" ? style.fill : style.color), background(e));
    if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(1)} of ${name(e)}`);
  }

  // Charts: there is something, nothing is cut, texts are large enough and apart.
  const charts = [...document.querySelectorAll("figure svg")];
  for (const svg of charts) {
    const box = svg.getBoundingClientRect();
    if (box.width < 200 || box.height < 50) problems.push(`chart of ${box.width} x ${box.height} pixels: ${name(svg)}`);
    if (box.right > root.clientWidth + 1) problems.push(`chart beyond the window: ${name(svg)}`);
    if (!svg.querySelector("path")) problems.push(`nothing is drawn: ${name(svg)}`);
    const texts = [...svg.querySelectorAll("text")].map((t) => ({ t, b: t.getBoundingClientRect() }));
    if (!texts.length) problems.push(`no text: ${name(svg)}`);
    for (const [i, { t, b }] of texts.entries()) {
      if (!b.width || !b.height) problems.push(`empty ${name(t)} in ${name(svg)}`);
      if (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1) problems.push(`cut ${name(t)} in ${name(svg)}`);
      const size = parseFloat(getComputedStyle(t).fontSize) * (box.width / svg.viewBox.baseVal.width);
      if (size < 8.5) problems.push(`${size.toFixed(1)} pixels of font: ${name(t)}`);
      for (const other of texts.slice(i + 1)) {
        const o = other.b;
        // Boxes have room above and below the letters: a third of it may be shared.
        const across = Math.min(b.right, o.right) - Math.max(b.left, o.left), down = Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top);
        if (across > 1 && down > Math.min(b.height, o.height) / 3) problems.push(`${name(t)} overlaps ${name(other.t)} in ${name(svg)}`);
      }
    }
  }

  // Tables are named, and scroll within their boxes.
  const tables = {};
  for (const t of document.querySelectorAll("table")) {
    (tables[t.className] ||= []).push(t.tBodies[0].rows.length);
    if (!t.caption || !t.caption.textContent.trim()) problems.push(`a table of class ${t.className} has no caption`);
    const columns = t.tHead.rows[0].cells.length;
    for (const r of t.tBodies[0].rows) if (r.cells.length !== columns) problems.push(`${r.cells.length} cells below ${columns} headings: ${name(r)}`);
    const box = t.parentElement.getBoundingClientRect();
    if (box.right > root.clientWidth + 1) problems.push(`table beyond the window: ${t.caption && t.caption.textContent}`);
  }
  if (document.querySelector("script, iframe, object, embed, img, link, [onclick], [onload], [onerror]")) problems.push("the page has elements that run or load something");

  const link = document.querySelector("a[download]");
  return {
    Title: document.title,
    Headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => Number(h.tagName[1])),
    Charts: charts.length, Tables: tables, Data: link ? link.getAttribute("href") : "", Problems: problems,
  };
})()
