/** The report: one HTML page that opens from disk, needs no network and no script, and says the answer first. */
import type { Results } from '../experiment/results.js';
import { axisTitle, counted } from './names.js';
import { type Overview, overview } from './overview.js';
import { page } from './page.js';
import { chartRenderer } from './render-chart.js';
import type { Section } from './section.js';
import { answerSection } from './sections/answer.js';
import { comparisonSection } from './sections/comparison.js';
import { conclusionSection } from './sections/conclusion.js';
import { controlSection } from './sections/control.js';
import { curvesSection } from './sections/curves.js';
import { lifecycleSection } from './sections/lifecycle.js';
import { metricsSection } from './sections/metrics.js';
import { noticesSection } from './sections/notices.js';
import { overTimeSection } from './sections/over-time.js';
import { percentilesSection } from './sections/percentiles.js';
import { provenanceSection } from './sections/provenance.js';
import { reproduceSection } from './sections/reproduce.js';
import { robustnessSection } from './sections/robustness.js';
import { stagesSection } from './sections/stages.js';
import { surfaceSection } from './sections/surface.js';
import { timelineSection } from './sections/timeline.js';
import { whatIfSection } from './sections/what-if.js';

/**
 * Renders a result document as a page. The same document gives the same bytes.
 *
 * @returns the whole file, newline at the end
 */
export async function renderHtml(results: Results): Promise<string> {
  const view = overview(results);
  const draw = await chartRenderer();
  const sections: (Section | null)[] = [
    answerSection(view),
    conclusionSection(view),
    comparisonSection(view),
    robustnessSection(view),
    whatIfSection(view),
    await curvesSection(view, draw),
    await percentilesSection(view, draw),
    await stagesSection(view, draw),
    await overTimeSection(view, draw),
    timelineSection(view),
    await controlSection(view, draw),
    await lifecycleSection(view, draw),
    surfaceSection(view),
    provenanceSection(view),
    noticesSection(view),
    metricsSection(view),
    reproduceSection(view),
  ];
  const { generator, workload } = results;
  return page({
    generator,
    kind: `${generator.name} report`,
    heading: workload.name,
    about: workload.description,
    facts: facts(view),
    sections: sections.filter((section) => section !== null),
    footer: `Simulated with ${generator.name} ${generator.version}; no hardware was measured for this page.`,
  });
}

/** The run in a line: how much was simulated, and with what. */
function facts(view: Overview): string[] {
  const { workload, measure, generator } = view.results;
  const axes = view.results.sweep.map(
    (axis) => `${axisTitle(axis.path)} in ${counted(axis.values.length, 'step')}`,
  );
  return [
    counted(view.designs.length, 'design'),
    ...axes,
    counted(measure.replications, 'replication'),
    `seed ${workload.seed}`,
    `preset ${workload.preset}`,
    `${generator.name} ${generator.version}`,
  ];
}
