//! The page that a record begins with: what was measured, on which machine, what came out, and what is in the
//! folder.
//!
//! Made when a run is filed, from its files alone; whoever files it adds what the files do not know.

use super::again;
use super::churn;
use super::conditions;
use super::headline;
use super::machine::{machine, or_unknown};
use super::markdown::{bullets, escape, fenced};
use super::text::clean;
use super::view::View;
use crate::record::{ChurnRun, EXTENT, Environment, Run, UNKNOWN};

/// What each file of a record holds.
const FILES: [(&str, &str); 9] = [
    ("samples.csv", "every timed batch, as it was measured"),
    ("summary.csv", "what each backend costs; follows from the samples"),
    ("comparison.csv", "each backend against the reference; follows from the samples"),
    ("twin.csv", "samples of the reference against its own second compilation"),
    ("modes.csv", "samples of both modes, `inline` and `trace`"),
    ("churn.csv", "every timed phase, as it was measured"),
    (
        "churn-summary.csv",
        "what an operation costs, by scenario and backend; follows from the phases",
    ),
    ("environment.json", "machine, program, command line, plan, warnings"),
    ("report/", "the above rendered for reading"),
];

/// The README of a record called `name`, in whose folder `files` are.
pub fn readme(run: &Run, name: &str, files: &[String]) -> String {
    let view = View::new(run);
    let layouts = each(view.groups.iter().map(|group| group.layout));
    let backends = each(view.backends.iter().copied());
    let measured = format!("{} samples: {backends} on {layouts}.", run.samples.len());
    let came_out = match headline::of(&view) {
        Some(headline) => bullets(&headline.lines().map(String::from).collect::<Vec<_>>()),
        None => "Nothing was compared; figures of single backends are in summary.csv.\n".to_owned(),
    };
    page(&run.environment, conditions::unfinished(run), &measured, &came_out, name, files)
}

/// The same of a run of `churn`.
pub fn churn_readme(run: &ChurnRun, name: &str, files: &[String]) -> String {
    let backends =
        run.summary.iter().map(|row| row.backend.as_str()).filter(|name| *name != EXTENT);
    let measured = format!(
        "{} timed phases: {} of {} on {}.",
        run.rows.len(),
        each(run.summary.iter().map(|row| row.scenario.as_str())),
        each(backends),
        each(run.summary.iter().map(|row| row.layout.as_str()))
    );
    let came_out =
        "What an operation costs, and how much of it is the extent's: report/report.md.\n";
    page(&run.environment, churn::unfinished(run), &measured, came_out, name, files)
}

/// Names, each once, in their order.
fn each<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in names.map(|name| escape(&clean(name))) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.join(", ")
}

fn page(
    environment: &Environment,
    unfinished: Option<String>,
    measured: &str,
    came_out: &str,
    name: &str,
    files: &[String],
) -> String {
    let day = environment.started.get(..10).unwrap_or(UNKNOWN);
    let processor = or_unknown(&environment.cpu_model);
    let mut text = format!("# {}, {}\n\n", escape(&clean(day)), escape(&processor));
    if let Some(line) = unfinished {
        text += &format!("**{}**\n\n", escape(&line));
    }
    text += &format!("A run of {}, {measured}\n\n", command(environment));
    text += &format!("## What came out\n\n{came_out}");
    text += &format!("\n## Machine\n\n{}", machine(environment));
    if !environment.warnings.is_empty() {
        text += &format!("\n## Warnings\n\n{}", bullets(&environment.warnings));
    }
    text += &again::section(&environment.command_line);
    text += "\nThe report again from the files beside this one, byte for byte the same, in a clone of the repository \
             at the commit that filed it:\n\n";
    let render =
        format!("cargo run --release -- report results/record/{} --report DIR", clean(name));
    text += &fenced(&render);
    text += "\n## Files\n\n| file | holds |\n|---|---|\n";
    for (file, holds) in FILES {
        let there =
            |known: &String| known == file || file.ends_with('/') && known.starts_with(file);
        if files.iter().any(there) {
            text += &format!("| [{file}]({file}) | {holds} |\n");
        }
    }
    text + "\ndocs/FORMATS.md describes every column.\n"
}

/// The command, `compare`, as a name in the text.
fn command(environment: &Environment) -> String {
    let word = environment.command_line.get(1);
    word.map_or_else(
        || "an unknown command".to_owned(),
        |word| format!("`{}`", clean(word).replace('`', "'")),
    )
}
