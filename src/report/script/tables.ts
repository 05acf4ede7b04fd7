/**
 * What scripts add to tables: sorting by a column, inside each group of rows, and saving as CSV. A cell whose text is
 * not what it says has that in `data-value`, which both use; `data-order` is a place in the order of sorting alone.
 * What has neither number nor text stands last in either direction.
 */
export const TABLES = `
  const cellKey = (cell) => {
    if (!cell) return '';
    const value = cell.dataset.value;
    return value !== undefined ? (value === '' ? null : Number(value)) : cell.textContent.trim();
  };
  const sortKey = (cell) => {
    const order = cell?.dataset.order;
    const key = order ? Number(order) : order === '' ? null : cellKey(cell);
    return key === '' || Number.isNaN(key) ? null : key;
  };
  const compare = (a, b, descending) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? Math.sign(a - b) || 0 : String(a).localeCompare(String(b));
    return descending ? -order : order;
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
          groups.sort((a, b) => compare(sortKey(a[0].cells[column]), sortKey(b[0].cells[column]), descending));
          body.append(...groups.flat());
        }
      });
    });
  }
  const quoted = (text) => '"' + String(text).replaceAll('"', '""') + '"';
  const save = (name, lines) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([lines.join('\\n') + '\\n'], { type: 'text/csv' }));
    link.download = [document.title, name].filter(Boolean).join(' ').replace(/[^A-Za-z0-9]+/g, '-') + '.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  for (const scroll of document.querySelectorAll('.scroll')) {
    const table = scroll.querySelector('table.sortable:not(.glance)');
    if (!table || table.rows.length < 3) continue;
    const whole = scroll.closest('section').id === 'comparison';
    tool('Download as CSV', scroll, () => {
      const lines = [...table.querySelectorAll('tr')].map((row) => {
        if (row.matches('.place')) return null;
        const place = row.closest('tbody')?.querySelector('.place')?.textContent.trim() ?? '';
        const cells = [...row.cells].map((cell) => cellKey(cell) ?? '');
        return [...(table.querySelector('.place') ? [place] : []), ...cells].map(quoted).join(',');
      });
      save(whole ? '' : scroll.getAttribute('aria-label'), lines.filter(Boolean));
    }, scroll.getAttribute('aria-label'));
  }
`;
