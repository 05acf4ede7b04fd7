/** From measured rows to docs/bench.md. Nothing that names a machine or a time of day goes in. */

const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** Whether a row meets its target; true without one. */
export function meets({ ratio, atLeast, atMost }) {
  return (
    (atLeast === undefined || ratio.median >= atLeast) && (atMost === undefined || ratio.median <= atMost)
  );
}

function target({ atLeast, atMost }) {
  if (atLeast !== undefined) return `≥ ${number(atLeast)}`;
  return atMost !== undefined ? `≤ ${number(atMost)}` : '';
}

function verdict(row) {
  if (row.atLeast === undefined && row.atMost === undefined) return '';
  return meets(row) ? 'met' : '**missed**';
}

/** One section as a table. */
export function table(rows) {
  const lines = ['| Measured | Against | Ratio | Middle half | Target | |', '|---|---|--:|--:|--:|---|'];
  for (const row of rows) {
    if (row.skipped !== undefined) {
      lines.push(`| ${row.what} | ${row.against ?? ''} | skipped | | | ${row.skipped} |`);
      continue;
    }
    const { median, low, high } = row.ratio;
    const remarks = [verdict(row), row.remark].filter(Boolean).join('; ');
    lines.push(
      `| ${row.what} | ${row.against} | ${number(median)} | ${number(low)} to ${number(high)} | ${target(row)} | ${remarks} |`,
    );
  }
  return lines.join('\n');
}

/**
 * The whole page.
 * @param sections title, introduction and rows of each
 * @param versions what was compared, by name
 * @param shares where the model's time goes: sections of `{ title, rows: [{ what, share }] }`
 * @param rounds turns, and `longRounds` of what takes long
 * @param only the part that was measured, if not all were
 * @param quick whether it was measured in haste
 */
export function page({ sections, versions, shares, rounds, longRounds, only, quick }) {
  const parts = [
    '# Speed, as ratios',
    ...(only === undefined ? [] : [`**Only the part \`${only}\` was measured.**`]),
    ...(quick ? ['**Measured in haste (`--quick`): too few and too short turns to rely on.**'] : []),
    `Written by \`npm run bench\`; do not edit. Everything is a ratio of two things measured in turns in one run, ${rounds} turns each, ${longRounds} of what takes long; the median of the turns' ratios counts, and the middle half of them stands beside it. Times are processor time, but for workers. Ratios carry from machine to machine far better than times do, but not perfectly: caches, and what else a machine does, move them.`,
    [
      '| Compared | Version |',
      '|---|---|',
      ...Object.entries(versions).map(([k, v]) => `| ${k} | ${v} |`),
    ].join('\n'),
  ];
  for (const { title, text, rows } of sections) parts.push(`## ${title}`, text, table(rows));
  if (shares.length > 0) {
    parts.push(
      '## Where the time of a descriptor goes',
      'Share of the processor time of the simulation alone, from a sampling profile; `node bench/profile.mjs` gives the full list, and `node bench/instructions.mjs` counts instructions.',
    );
    for (const { title, rows } of shares) {
      parts.push(
        `### ${title}`,
        [
          '| Where | Share |',
          '|---|--:|',
          ...rows.map(({ what, share }) => `| ${what} | ${Math.round(share * 100)} % |`),
        ].join('\n'),
      );
    }
  }
  return `${parts.join('\n\n')}\n`;
}
