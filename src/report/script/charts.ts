/**
 * What scripts add to charts: all values at one place read out, by pointer or arrow keys; designs switched off and on
 * by the legend; a chart enlarged; its numbers saved as CSV.
 */
export const CHARTS = `
  const svg = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const hidden = new Set();
  const readers = [];
  const reader = (figure) => {
    const drawing = figure.querySelector('svg');
    const block = figure.querySelector('script.data');
    if (!drawing || !block) return;
    const data = JSON.parse(block.textContent);
    const out = document.createElement('output');
    out.className = 'readout';
    drawing.after(out);
    const height = drawing.viewBox.baseVal.height;
    const line = svg('path', { stroke: 'var(--muted)', 'stroke-width': 1, 'stroke-dasharray': '2 3', visibility: 'hidden' });
    drawing.append(line);
    let at = -1;
    const show = () => {
      if (at < 0) {
        line.setAttribute('visibility', 'hidden');
        out.textContent = '';
        return;
      }
      line.setAttribute('d', 'M' + data.px[at] + ',8V' + (height - 24));
      line.setAttribute('visibility', 'visible');
      const place = document.createElement('b');
      place.textContent = data.labels[at];
      const said = data.series
        .filter((one) => one.values[at] !== null && !hidden.has(String(one.design)))
        .map((one) => {
          const item = document.createElement('span');
          const key = svg('svg', { class: 'swatch', width: 10, height: 10, 'aria-hidden': 'true' });
          key.append(svg('rect', { width: 10, height: 10, rx: 2, fill: 'var(--d' + (one.design % 24) + ')' }));
          item.append(key, one.name + ' ' + one.text[at]);
          return item;
        });
      out.replaceChildren(place, ...said);
    };
    readers.push(show);
    drawing.setAttribute('tabindex', '0');
    drawing.addEventListener('pointermove', (event) => {
      const box = drawing.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
      at = data.px.reduce((best, px, i) => (Math.abs(px - x) < Math.abs(data.px[best] - x) ? i : best), 0);
      show();
    });
    const leave = () => { at = -1; show(); };
    drawing.addEventListener('pointerleave', leave);
    drawing.addEventListener('blur', leave);
    drawing.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -data.px.length, End: data.px.length }[event.key];
      if (event.key === 'Escape') return leave();
      if (step === undefined) return;
      event.preventDefault();
      at = Math.max(0, Math.min(data.px.length - 1, at < 0 && step > 0 && step < 2 ? 0 : at + step));
      show();
    });
    return data;
  };
  const dialog = document.createElement('dialog');
  dialog.className = 'large';
  dialog.setAttribute('aria-label', 'Enlarged chart');
  document.body.append(dialog);
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  const enlarge = (figure) => {
    const copy = figure.cloneNode(true);
    copy.removeAttribute('id');
    copy.querySelectorAll('.tools, output').forEach((part) => part.remove());
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'tool';
    close.textContent = 'Close';
    close.addEventListener('click', () => dialog.close());
    dialog.replaceChildren(close, copy);
    reader(copy);
    dialog.showModal();
  };
  for (const figure of document.querySelectorAll('figure')) {
    const data = reader(figure);
    const title = figure.querySelector('figcaption b').textContent;
    const tools = document.createElement('span');
    tools.className = 'tools';
    const add = (text, label, act) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.setAttribute('aria-label', label + ': ' + title);
      button.addEventListener('click', act);
      tools.append(button);
    };
    if (data) {
      add('CSV', 'Save as CSV', () => {
        const bounded = data.series[0]?.low !== undefined;
        const head = [data.x, ...data.series.flatMap((one) => (bounded ? [one.name, one.name + ' low', one.name + ' high'] : [one.name]))];
        const rows = data.at.map((x, i) => [x, ...data.series.flatMap((one) => (bounded ? [one.values[i], one.low[i], one.high[i]] : [one.values[i]]))]);
        save(figure.id, [head, ...rows].map((row) => row.map((cell) => quoted(cell ?? '')).join(',')));
      });
    }
    add('Enlarge', 'Enlarge', () => enlarge(figure));
    const link = document.createElement('a');
    link.href = '#' + figure.id;
    link.textContent = '#';
    link.setAttribute('aria-label', 'Link to ' + title);
    tools.append(link);
    figure.querySelector('figcaption').append(tools);
  }
  const entries = [...document.querySelectorAll('.legend li[data-design]')];
  const paint = () => {
    for (const entry of entries) {
      entry.firstElementChild.setAttribute('aria-pressed', String(!hidden.has(entry.dataset.design)));
    }
    for (const mark of document.querySelectorAll('figure svg [stroke^="var(--d"], figure svg [fill^="var(--d"]')) {
      const colour = mark.getAttribute('stroke') ?? '';
      const own = /^var\\(--d(\\d+)/.exec(colour) ?? /^var\\(--d(\\d+)/.exec(mark.getAttribute('fill') ?? '');
      mark.style.display = own && hidden.has(own[1]) ? 'none' : '';
    }
    for (const show of readers) show();
  };
  for (const entry of entries) {
    const button = document.createElement('button');
    button.type = 'button';
    button.title = 'Show or hide in all charts';
    button.append(...entry.childNodes);
    entry.append(button);
    button.addEventListener('click', () => {
      const { design } = entry.dataset;
      hidden.has(design) ? hidden.delete(design) : hidden.add(design);
      paint();
    });
  }
  if (entries.length > 0) paint();
`;
