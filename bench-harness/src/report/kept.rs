//! The page that a record begins with: what was measured, on which machine, what came out, and what is in the
//! folder.
//!
//! Made when a run is filed, from its files alone; whoever files it adds what the files do not know.

use super::again;
use super::conditions;
use super::headline;
use super::machine::{machine, or_unknown};
use super::markdown::{bullets, escape, fenced};
use super::text::clean;
use super::view::View;
use crate::record::{Run, UNKNOWN};

/// What each file of a record holds.
const FILES: [(&str, &str); 7] = [
    ("samples.csv", "every timed batch, as it was measured"),
    ("summary.csv", "what each backend costs; follows from the samples"),
    ("comparison.csv", "each backend against the reference; follows from the samples"),
    ("twin.csv", "samples of the reference against its own second compilation"),
    ("modes.csv", "samples of both modes, `inline` and `trace`"),
    ("environment.json", "machine, program, command line, plan, warnings"),
    ("report/", "the above rendered for reading"),
];

/// The README of a record called `name`, in whose folder `files` are.
pub fn readme(run: &Run, name: &str, files: &[String]) -> String {
    let view = View::new(run);
    let environment = &run.environment;
    let day = environment.started.get(..10).unwrap_or(UNKNOWN);
    let processor = or_unknown(&environment.cpu_model);
    let mut text = format!("# {}, {}\n\n", escape(&clean(day)), escape(&processor));
    if let Some(line) = conditions::unfinished(run) {
        text += &format!("**{}**\n\n", escape(&line));
    }
    let layouts = {
        let mut names: Vec<&str> = Vec::new();
        for group in &view.groups {
            if !names.contains(&group.layout) {
                names.push(group.layout);
            }
        }
        names.iter().map(|name| escape(&clean(name))).collect::<Vec<_>>().join(", ")
    };
    let backends: Vec<String> = view.backends.iter().map(|name| escape(&clean(name))).collect();
    text += &format!(
        "A run of {}, {} samples: {} on {layouts}.\n",
        command(run),
        run.samples.len(),
        backends.join(", ")
    );
    text += "\n## What came out\n\n";
    match headline::of(&view) {
        Some(headline) => text += &bullets(&headline.lines().map(String::from).collect::<Vec<_>>()),
        None => text += "Nothing was compared; figures of single backends are in summary.csv.\n",
    }
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
        let there = files.iter().any(|known| known == file || known.starts_with(file));
        if there {
            text += &format!("| [{file}]({file}) | {holds} |\n");
        }
    }
    text + "\ndocs/FORMATS.md describes every column.\n"
}

/// The command, `compare`, as a name in the text.
fn command(run: &Run) -> String {
    let word = run.environment.command_line.get(1);
    word.map_or_else(
        || "an unknown command".to_owned(),
        |word| format!("`{}`", clean(word).replace('`', "'")),
    )
}
