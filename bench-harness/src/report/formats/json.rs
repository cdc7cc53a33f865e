//! Results as one JSON document each: what they are of, the sentences, and the rows of the CSV files.
//!
//! Keys of rows are the columns of the files (docs/FORMATS.md); what a CSV file leaves empty is `null`.

use serde::Serialize;

use crate::record::{
    Across, AcrossRow, ChurnRun, ChurnSummaryRow, ComparisonRow, Environment, Run, SummaryRow,
};
use crate::report::headline::headline;

/// The version of these documents.
const FORMAT_VERSION: u32 = 1;

/// Of environment.json, what results are judged by; the file has the rest.
#[derive(Serialize)]
struct Excerpt<'a> {
    run_id: &'a str,
    tool_version: &'a str,
    tool_commit: &'a str,
    command_line: &'a [String],
    seed: u64,
    started: &'a str,
    ended: Option<&'a str>,
    compiler: &'a str,
    compiler_flags: &'a str,
    machine_fingerprint: &'a str,
    cpu_model: &'a str,
    cores: Option<u32>,
    caches: &'a [String],
    hypervisor: &'a str,
    kernel: &'a str,
    pinned: &'a str,
    warnings: &'a [String],
}

impl<'a> Excerpt<'a> {
    fn of(environment: &'a Environment) -> Self {
        Self {
            run_id: &environment.run_id,
            tool_version: &environment.tool_version,
            tool_commit: &environment.tool_commit,
            command_line: &environment.command_line,
            seed: environment.seed,
            started: &environment.started,
            ended: environment.ended.as_deref(),
            compiler: &environment.compiler,
            compiler_flags: &environment.compiler_flags,
            machine_fingerprint: &environment.machine_fingerprint,
            cpu_model: &environment.cpu_model,
            cores: environment.cores,
            caches: &environment.caches,
            hypervisor: &environment.hypervisor,
            kernel: &environment.kernel,
            pinned: &environment.pinned,
            warnings: &environment.warnings,
        }
    }
}

#[derive(Serialize)]
struct Lookups<'a> {
    format_version: u32,
    kind: &'static str,
    environment: Excerpt<'a>,
    headline: Vec<String>,
    summary: &'a [SummaryRow],
    comparison: &'a [ComparisonRow],
}

#[derive(Serialize)]
struct Churn<'a> {
    format_version: u32,
    kind: &'static str,
    environment: Excerpt<'a>,
    summary: &'a [ChurnSummaryRow],
}

#[derive(Serialize)]
struct Runs<'a> {
    format_version: u32,
    kind: &'static str,
    environments: Vec<Excerpt<'a>>,
    references: Vec<Option<&'a str>>,
    rows: Vec<&'a AcrossRow>,
}

/// A run of lookups: `kind` is `lookups`.
pub fn lookups(run: &Run) -> String {
    text(&Lookups {
        format_version: FORMAT_VERSION,
        kind: "lookups",
        environment: Excerpt::of(&run.environment),
        headline: headline(run).iter().flat_map(|all| all.lines()).map(String::from).collect(),
        summary: &run.summary,
        comparison: &run.comparison,
    })
}

/// A run of `churn`: `kind` is `churn`.
pub fn churn(run: &ChurnRun) -> String {
    text(&Churn {
        format_version: FORMAT_VERSION,
        kind: "churn",
        environment: Excerpt::of(&run.environment),
        summary: &run.summary,
    })
}

/// Runs against the first of them: `kind` is `across`.
pub fn across(runs: &[&Run], across: &[Across]) -> String {
    text(&Runs {
        format_version: FORMAT_VERSION,
        kind: "across",
        environments: runs.iter().map(|run| Excerpt::of(&run.environment)).collect(),
        references: across.iter().map(|across| across.reference.as_deref()).collect(),
        rows: across.iter().flat_map(|across| &across.rows).collect(),
    })
}

fn text(document: &impl Serialize) -> String {
    // Rows come from files, in which every figure is finite, and keys are names of fields: nothing can fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::synthetic::reproduction;

    #[test]
    fn a_document_has_the_rows_of_the_files() {
        let run = reproduction(4);
        let document: Value = serde_json::from_str(&lookups(&run)).expect("JSON");
        assert_eq!(document["kind"], "lookups");
        let rows = document["summary"].as_array().expect("rows");
        assert_eq!(rows.len(), run.summary.len());
        assert_eq!(rows[0]["mean_s"].as_f64(), run.summary[0].mean_s);
        assert_eq!(rows[0]["status"], "ok");
        assert_eq!(document["comparison"].as_array().map(Vec::len), Some(run.comparison.len()));
        let said = document["headline"][0].as_str().expect("a sentence");
        assert!(headline(&run).expect("sentences").starts_with(said));
        assert_eq!(document["environment"]["seed"], run.environment.seed);
    }

    #[test]
    fn what_does_not_exist_is_null() {
        let mut run = reproduction(1);
        run.summary[0].net_mean_s = None;
        let document: Value = serde_json::from_str(&lookups(&run)).expect("JSON");
        assert_eq!(document["summary"][0]["net_mean_s"], Value::Null);
    }
}
