/**
 * What scripts add to the page: sorting tables, copying the command and downloading a table. Nothing needs it; where
 * scripts are off, nothing of it is seen.
 */
export const SCRIPT = `
(() => {
  const cellKey = (cell) => {
    if (!cell) return '';
    const value = cell.dataset.value;
    return value !== undefined ? (value === '' ? null : Number(value)) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  };
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const descending = head.getAttribute('aria-sort') === 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        for (const body of table.tBodies) {
          const rows = [...body.rows].filter((row) => !row.matches('.place'));
          const groups = [];
          for (const row of rows) row.matches('.tenant') ? groups.at(-1).push(row) : groups.push([row]);
          groups.sort((a, b) => {
            const order = compare(cellKey(a[0].cells[column]), cellKey(b[0].cells[column]));
            return descending ? -order : order;
          });
          body.append(...groups.flat());
        }
      });
    });
  }
  const tool = (text, before, act) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'tool';
    button.textContent = text;
    button.addEventListener('click', () => act(button));
    before.before(button);
  };
  for (const command of document.querySelectorAll('pre.command')) {
    tool('Copy the command', command.nextElementSibling, async (button) => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(command);
        button.textContent = 'Selected: press Ctrl+C';
      }
    });
  }
  const quoted = (text) => '"' + text.replaceAll('"', '""') + '"';
  for (const scroll of document.querySelectorAll('#comparison .scroll')) {
    const table = scroll.querySelector('table.sortable');
    if (!table) continue;
    tool('Download as CSV', scroll, () => {
      const lines = [...table.querySelectorAll('tr')].map((row) => {
        const place = row.closest('tbody')?.querySelector('.place')?.textContent.trim() ?? '';
        const cells = [...row.cells].map((cell) => String(cellKey(cell) ?? ''));
        return row.matches('.place') ? null : [place, ...cells].map(quoted).join(',');
      });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([lines.filter(Boolean).join('\\n') + '\\n'], { type: 'text/csv' }));
      link.download = document.title.replace(/[^A-Za-z0-9]+/g, '-') + '.csv';
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
})();
`.trim();
