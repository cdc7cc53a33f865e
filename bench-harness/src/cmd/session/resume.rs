//! Taking over a run that was cut off, if it measured the same on the same machine.

use anyhow::{Context, anyhow};
use serde_json::Value;

use super::plan::Plan;
use crate::cmd::Failure;
use crate::record::{
    self, Configuration, Environment, RunDir, SampleRow, Stopping, SummaryRow, UNKNOWN,
    samples_in_round, samples_per_round,
};

/// A run as far as it got.
pub(super) struct Resumed {
    pub environment: Environment,
    /// Samples of whole rounds.
    pub samples: Vec<SampleRow>,
    /// Rows of its summary: who takes part in what.
    pub rows: Vec<SummaryRow>,
    /// The process that goes on with it.
    pub process: u32,
}

/// Reads the run in `files`, drops a round that was cut off, and holds its plan and machine against
/// `here`, which is what would be recorded if it began now.
pub(super) fn take_over(
    files: &RunDir,
    here: &Environment,
    plan: &Plan,
    quiet: bool,
) -> Result<Resumed, Failure> {
    let out = files.folder().display();
    let recorded = record::read_environment(&files.environment())
        .context("--resume needs to know what the run was to measure")
        .map_err(Failure::input)?;
    if let Some(why) = refusal(&recorded, here) {
        return Err(Failure::input(anyhow!("--resume: the run in {out} {why}")));
    }
    let rows = if files.summary().exists() {
        record::read_summary(&files.summary()).map_err(Failure::input)?
    } else {
        Vec::new() // cut off before anything was built, so there are no samples either
    };
    let mut recovered =
        record::recover_samples(&files.samples(), |last_round| is_whole(&rows, last_round))
            .map_err(Failure::input)?;
    if let Some(round) = broken_round(&rows, &recovered.rows) {
        return Err(Failure::input(anyhow!(
            "{}: {round}; delete its other lines too, and --resume measures another round instead",
            files.samples().display()
        )));
    }
    let mut environment = recorded;
    let mut dropped = match recovered.dropped_lines {
        0 => "",
        _ => " (a round that was cut off is dropped)",
    };
    let process = if plan.processes > 1 {
        let (process, whole) = whole_processes(&mut environment.stopping, recovered.rows.len());
        if whole < recovered.rows.len() {
            dropped = " (a process that was cut off is dropped and measured again)";
            recovered.rows.truncate(whole);
            record::keep_samples(&files.samples(), &recovered.rows).map_err(Failure::input)?;
        }
        process
    } else {
        let earlier = recovered.rows.iter().map(|row| row.process).max();
        earlier.map_or(0, |process| process.saturating_add(1))
    };
    if !quiet {
        let samples = recovered.rows.len();
        eprintln!("going on with {} after {samples} samples{dropped}", environment.run_id);
    }
    let commit = &environment.tool_commit;
    if commit.ends_with("-dirty") || commit == UNKNOWN {
        let warning = format!(
            "the run was resumed by a program whose commit is `{commit}`: whether it is the program \
             that began it cannot be told."
        );
        if !environment.warnings.contains(&warning) {
            environment.warnings.push(warning);
        }
    }
    Ok(Resumed { environment, samples: recovered.rows, rows, process })
}

/// The first round that lacks a sample, in words. A kill breaks none but the last, which is dropped; others
/// have lost a line to whoever edited the file.
fn broken_round(rows: &[SummaryRow], samples: &[SampleRow]) -> Option<String> {
    let same = |a: &SampleRow, b: &SampleRow| {
        (a.process, a.round) == (b.process, b.round) && a.configuration() == b.configuration()
    };
    let round = samples.chunk_by(same).find(|round| !is_whole(rows, round))?;
    let Configuration { layout, workload, mode, target, lookups, .. } = round[0].configuration();
    Some(format!(
        "round {} of process {} ({layout}, {workload}, {mode}, {target}, {lookups} lookups) has {} of {} \
         samples",
        round[0].round,
        round[0].process,
        samples_in_round(rows, round),
        samples_per_round(rows, &round[0].configuration())
    ))
}

/// Whether a round has a sample of everybody who takes part and has not failed.
fn is_whole(rows: &[SummaryRow], round: &[SampleRow]) -> bool {
    let wanted = round.first().map(|row| samples_per_round(rows, &row.configuration()));
    wanted == Some(samples_in_round(rows, round))
}

/// How many processes of a run ended with all their samples among the first `samples`, and how many
/// samples those are. What is noted of the others is forgotten: a process is one piece of evidence,
/// and half of one is none.
fn whole_processes(stopping: &mut Stopping, samples: usize) -> (u32, usize) {
    let on_disk = |end: &u64| usize::try_from(*end).is_ok_and(|end| end <= samples);
    let whole = stopping.process_ends.iter().take_while(|end| on_disk(end)).count();
    if whole < stopping.process_ends.len() {
        // Sums over processes of which one is gone; what is left to measure will not make them whole.
        stopping.batches.clear();
    }
    stopping.process_ends.truncate(whole);
    let kept = stopping.process_ends.last().and_then(|&end| usize::try_from(end).ok());
    (u32::try_from(whole).unwrap_or(u32::MAX), kept.unwrap_or(0))
}

/// Why `here` cannot go on with the run of `recorded`, to follow "the run"; `None` if it can.
pub(in crate::cmd) fn refusal(recorded: &Environment, here: &Environment) -> Option<String> {
    if let Some(what) = difference(&recorded.plan, &here.plan) {
        return Some(format!(
            "was begun with other {what}; give the same arguments, or another --out"
        ));
    }
    let page_size = |environment: &Environment| {
        environment.page_size.map_or_else(|| UNKNOWN.to_owned(), |bytes| bytes.to_string())
    };
    let machine = |environment: &Environment| {
        [
            ("processor", environment.cpu_model.clone()),
            ("kernel", environment.kernel.clone()),
            ("hypervisor", environment.hypervisor.clone()),
            ("page size", page_size(environment)),
        ]
    };
    let program = |environment: &Environment| {
        [
            ("commit", environment.tool_commit.clone()),
            ("compiler", environment.compiler.clone()),
            ("compiler flags", environment.compiler_flags.clone()),
        ]
    };
    let first = |recorded: Vec<(&'static str, String)>, here: Vec<(&'static str, String)>| {
        recorded.into_iter().zip(here).find(|(then, now)| then != now)
    };
    if let Some(((what, then), (_, now))) =
        first(machine(recorded).to_vec(), machine(here).to_vec())
    {
        return Some(format!(
            "was begun on another machine ({what} `{then}`, here `{now}`); samples of two machines \
             cannot be one run, so give another --out"
        ));
    }
    let ((what, then), (_, now)) = first(program(recorded).to_vec(), program(here).to_vec())?;
    Some(format!(
        "was begun by another build of the program ({what} `{then}`, here `{now}`); build commit {} \
         the same way and resume with that, or give another --out",
        recorded.tool_commit
    ))
}

/// In what two plans differ first, in the words of the command line.
fn difference(recorded: &Value, wanted: &Value) -> Option<String> {
    let differs = |key: &str| recorded.get(key) != wanted.get(key);
    let flags = [
        "backends",
        "reference",
        "workload",
        "mode",
        "target",
        "rng",
        "seed",
        "build",
        "scenarios",
    ];
    if let Some(flag) = flags.into_iter().find(|flag| differs(flag)) {
        return Some(format!("--{flag}"));
    }
    let others = [
        ("processes", "--processes"),
        ("equivalence_pct", "--equivalence"),
        ("max_time_s", "--max-time"),
        ("rounds", "--runs"),
    ];
    if let Some((_, flag)) = others.into_iter().find(|(key, _)| differs(key)) {
        return Some(flag.to_owned());
    }
    if differs("recordings") {
        return Some("contents of a recording of the same name".to_owned());
    }
    if differs("plugins") {
        return Some("contents of a plugin's file".to_owned());
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
            "--lookups, --runs, --precision or --profile"
        } else {
            "contents of a layout of the same name"
        }
        .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::refusal;
    use crate::record::Environment;

    fn begun() -> Environment {
        Environment {
            cpu_model: "cpu".to_owned(),
            hypervisor: "none".to_owned(),
            tool_commit: "0123456789ab".to_owned(),
            plan: json!({ "seed": 1, "layouts": [{ "name": "a", "digest": "1" }] }),
            ..crate::machine::capture()
        }
    }

    #[track_caller]
    fn refused(here: &Environment, recorded: &Environment, says: &[&str]) {
        let why = refusal(recorded, here).expect("refused");
        for part in says {
            assert!(why.contains(part), "`{part}` is not in: {why}");
        }
    }

    #[test]
    fn the_same_program_on_the_same_machine_goes_on() {
        let begun = begun();
        assert_eq!(refusal(&begun, &begun), None);
        let dirty = Environment { tool_commit: "0123456789ab-dirty".to_owned(), ..begun.clone() };
        assert_eq!(refusal(&dirty, &dirty), None);
        let later = Environment { load_before: Some(9.0), seed: 3, ..begun.clone() };
        assert_eq!(refusal(&begun, &later), None);
    }

    #[test]
    fn another_machine_is_refused() {
        let begun = begun();
        let other = Environment { cpu_model: "else".to_owned(), ..begun.clone() };
        refused(&other, &begun, &["another machine", "processor `cpu`, here `else`", "--out"]);
        let other = Environment { hypervisor: "KVM".to_owned(), ..begun.clone() };
        refused(&other, &begun, &["hypervisor `none`, here `KVM`"]);
        let other = Environment { page_size: Some(65_536), ..begun.clone() };
        refused(&other, &begun, &["page size", "65536"]);
    }

    #[test]
    fn another_build_is_refused() {
        let begun = begun();
        let other = Environment { compiler: "rustc 1.0".to_owned(), ..begun.clone() };
        refused(&other, &begun, &["another build", "compiler `", "rustc 1.0"]);
        let other = Environment { compiler_flags: "opt 0".to_owned(), ..begun.clone() };
        refused(&other, &begun, &["compiler flags", "opt 0"]);
        let other = Environment { tool_commit: "0123456789ab-dirty".to_owned(), ..begun.clone() };
        refused(&other, &begun, &["commit `0123456789ab`", "0123456789ab-dirty", "build commit"]);
        refused(&begun, &other, &["commit `0123456789ab-dirty`"]);
    }

    #[test]
    fn another_plan_is_refused_and_what_differs_named() {
        let begun = begun();
        let with = |plan| Environment { plan, ..begun.clone() };
        let seed = with(json!({ "seed": 2, "layouts": [{ "name": "a", "digest": "1" }] }));
        refused(&seed, &begun, &["other --seed", "same arguments"]);
        let edited = with(json!({ "seed": 1, "layouts": [{ "name": "a", "digest": "2" }] }));
        refused(&edited, &begun, &["other contents of a layout"]);
        let mut recorded = begun.plan.clone();
        recorded["recordings"] = json!([{ "workload": "recorded:x", "checksum": "1" }]);
        refused(&with(recorded), &begun, &["other contents of a recording"]);
        let mut built = begun.plan.clone();
        built["plugins"] = json!([{ "backend": "plugin:x", "bytes": 1, "checksum": "1" }]);
        refused(&with(built), &begun, &["other contents of a plugin's file"]);
    }
}
