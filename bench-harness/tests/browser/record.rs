//! A run made up for the browser, filed as a measured one is, with names that try to act.

use std::path::Path;

use bench_harness::record::{
    BASELINE, Configuration, Environment, Judging, RunDir, STATISTICS_VERSION, SampleRow,
    SampleWriter, SummaryRow, compare_all, summarise, write_comparison, write_environment,
    write_summary,
};

/// A layout and, as part of its name, a plugin that would like to be a script.
pub(crate) const SCRIPT: &str = "<script>alert(1)</script>";
const PLUGIN: &str = "plugin:<script>alert(1)</script>.so";
/// Ends an attribute, should anybody forget to escape it.
const ATTRIBUTE: &str = "\"'><img src=x onerror=alert(1)>";

pub(crate) const BACKENDS: [&str; 4] = ["array", "rbtree", PLUGIN, ATTRIBUTE];
pub(crate) const LAYOUTS: [&str; 3] = ["paper-32x8", SCRIPT, "</script><script>alert(2)</script>"];
const LOOKUPS: [u64; 2] = [1_000, 100_000];
const ROUNDS: u32 = 12;

/// Writes the run and returns its samples.
pub(crate) fn write(dir: &Path) -> Vec<SampleRow> {
    let run = RunDir::create(dir).expect("a folder");
    let mut samples = Vec::new();
    let mut plan = Vec::new();
    let mut writer = SampleWriter::create(&run.samples()).expect("samples.csv");
    for layout in LAYOUTS {
        for lookups in LOOKUPS {
            let configuration = configuration(layout, lookups);
            for name in BACKENDS.into_iter().chain([BASELINE]) {
                let mut row = SummaryRow::unmeasured(&configuration, name);
                if name != BASELINE {
                    row.enter_size(3072, 3072, 32, 256);
                }
                plan.push(row);
            }
            for round in 0..ROUNDS {
                let rows = rows(&configuration, round);
                writer.write_round(&rows).expect("a round");
                samples.extend(rows);
            }
        }
    }
    let judging = Judging::against(BACKENDS[0]);
    let comparison = compare_all(&samples, &judging);
    write_summary(&run.summary(), &summarise(&samples, &plan)).expect("summary.csv");
    write_comparison(&run.comparison(), &comparison).expect("comparison.csv");
    write_environment(&run.environment(), &environment()).expect("environment.json");
    samples
}

fn configuration(layout: &str, lookups: u64) -> Configuration {
    Configuration {
        layout: layout.to_owned(),
        workload: "uniform".to_owned(),
        mode: "inline".to_owned(),
        target: "page".to_owned(),
        rng: "xoshiro256++".to_owned(),
        lookups,
    }
}

/// A round: all backends and the baseline, whose turns change from round to round.
fn rows(configuration: &Configuration, round: u32) -> Vec<SampleRow> {
    let Configuration { layout, workload, mode, target, rng, lookups } = configuration;
    // The dearest backend is not the last by name, so that sorting has something to do.
    let costs = [("array", 7), (BACKENDS[1], 12), (PLUGIN, 5), (ATTRIBUTE, 9), (BASELINE, 2)];
    let turns = u32::try_from(costs.len()).expect("few");
    let row = |position: u32| {
        let (backend, ns) = costs[((round + position) % turns) as usize];
        SampleRow {
            run_id: "made-up".to_owned(),
            process: round / 6,
            round: round % 6,
            position,
            layout: layout.clone(),
            workload: workload.clone(),
            mode: mode.clone(),
            target: target.clone(),
            rng: rng.clone(),
            lookups: *lookups,
            backend: backend.to_owned(),
            seed: u64::from(round),
            // No two rounds alike.
            elapsed_ns: lookups * ns * 20 + u64::from(round * 37 % 11) * lookups / 4 + 40,
            hits: *lookups,
            checksum: u64::from(round),
        }
    };
    (0..turns).map(row).collect()
}

fn environment() -> Environment {
    Environment {
        run_id: format!("made-up {SCRIPT}"),
        tool_version: "0.1.0".to_owned(),
        statistics_version: STATISTICS_VERSION,
        command_line: ["bench-harness", "compare", "--layout", SCRIPT].map(String::from).into(),
        cpu_model: SCRIPT.to_owned(),
        warnings: vec![format!("{SCRIPT}, 1000 lookups: too short")],
        ..Environment::blank()
    }
}
