//! Taking over a run that was cut off, if it measured the same on the same machine.

use anyhow::{Context, anyhow};
use serde_json::Value;

use crate::cmd::Failure;
use crate::record::{self, Configuration, Environment, RunDir, SampleRow, Status, SummaryRow};

/// A run as far as it got.
pub(super) struct Resumed {
    pub environment: Environment,
    /// Samples of whole rounds.
    pub samples: Vec<SampleRow>,
    /// Rows of its summary: who takes part in what.
    pub rows: Vec<SummaryRow>,
}

/// Reads the run in `files`, drops a round that was cut off, and holds its plan and machine against
/// `here`, which is what would be recorded if it began now.
pub(super) fn take_over(
    files: &RunDir,
    here: &Environment,
    quiet: bool,
) -> Result<Resumed, Failure> {
    let out = files.folder().display();
    let recorded = record::read_environment(&files.environment())
        .context("--resume needs to know what the run was to measure")
        .map_err(Failure::input)?;
    if let Some(what) = difference(&recorded.plan, &here.plan) {
        return Err(Failure::input(anyhow!(
            "--resume: the run in {out} was begun with other {what}; give the same arguments, or \
             another --out"
        )));
    }
    if (&recorded.cpu_model, &recorded.kernel) != (&here.cpu_model, &here.kernel) {
        return Err(Failure::input(anyhow!(
            "--resume: the run in {out} was begun on another machine ({}, {}); samples of two \
             machines cannot be one run, so give another --out",
            recorded.cpu_model,
            recorded.kernel
        )));
    }
    let rows = if files.summary().exists() {
        record::read_summary(&files.summary()).map_err(Failure::input)?
    } else {
        Vec::new() // cut off before anything was built, so there are no samples either
    };
    let recovered = record::recover_samples(&files.samples(), |last_round| {
        last_round.len() == samples_per_round(&rows, &last_round[0].configuration())
    })
    .map_err(Failure::input)?;
    if !quiet {
        let dropped = match recovered.dropped_lines {
            0 => "",
            _ => " (a round that was cut off is dropped)",
        };
        let samples = recovered.rows.len();
        eprintln!("going on with {} after {samples} samples{dropped}", recorded.run_id);
    }
    let mut environment = Environment { ended: None, ..recorded };
    if environment.tool_commit != here.tool_commit {
        environment.warnings.push(format!(
            "the run was begun by commit {} of the program and resumed by {}",
            environment.tool_commit, here.tool_commit
        ));
    }
    Ok(Resumed { environment, samples: recovered.rows, rows })
}

/// How many samples a round of `configuration` has, by the recorded summary.
fn samples_per_round(rows: &[SummaryRow], configuration: &Configuration) -> usize {
    let takes_part =
        |row: &&SummaryRow| row.status == Status::Ok && row.configuration() == *configuration;
    rows.iter().filter(takes_part).count()
}

/// In what two plans differ first, in the words of the command line.
fn difference(recorded: &Value, wanted: &Value) -> Option<String> {
    let differs = |key: &str| recorded.get(key) != wanted.get(key);
    let flags = ["backends", "reference", "workload", "mode", "target", "rng", "seed", "build"];
    if let Some(flag) = flags.into_iter().find(|flag| differs(flag)) {
        return Some(format!("--{flag}"));
    }
    if !differs("layouts") {
        return (recorded != wanted).then(|| "arguments".to_owned());
    }
    let all = |plan: &Value, key: &str| -> Vec<Value> {
        let layouts = plan.get("layouts").and_then(Value::as_array).into_iter().flatten();
        layouts.map(|layout| layout.get(key).cloned().unwrap_or_default()).collect()
    };
    let of = |key: &str| all(recorded, key) != all(wanted, key);
    Some(
        if of("name") {
            "layouts"
        } else if of("array_capacity") {
            "--array-capacity"
        } else if of("batches") {
            "--lookups, --runs or --profile"
        } else {
            "contents of a layout of the same name"
        }
        .to_owned(),
    )
}
