//! The page: everything about a run that a reader needs to judge it, in GitHub's Markdown.
//!
//! Written beside the figures by [`render`](super::render); [`report`] gives it as text.

use super::figure::{self, Figure};
use super::machine::{machine, or_unknown};
use super::table::{self, Room, Table};
use super::terminal::is_name;
use super::text::clean;
use super::view::View;
use super::{beside, conditions, headline, matrix, memory};
use crate::record::{Run, UNKNOWN};

/// The page of a run. It names the figures that [`render`](super::render) writes beside it.
///
/// Should the drawing library fail, the page comes without figures.
pub fn report(run: &Run) -> String {
    let view = View::new(run);
    let figures = figure::draw_all(&view).unwrap_or_default();
    page(&view, &figures)
}

pub(super) fn page(view: &View<'_>, figures: &[Figure]) -> String {
    let environment = &view.run.environment;
    let mut text = format!("# Benchmark report: {}\n\n", escape(&or_unknown(&environment.run_id)));
    if let Some(line) = conditions::unfinished(view.run) {
        text += &format!("**{}**\n\n", escape(&line));
    }
    match headline::of(view) {
        Some(headline) => {
            for line in headline.lines() {
                text += &format!("**{}**\n\n", escape(line));
            }
        }
        None => text += "Nothing was compared: figures of single backends below.\n\n",
    }
    text += "## Machine\n\n";
    text += &machine(environment);
    if !environment.warnings.is_empty() {
        text += "\n## Warnings\n\n";
        for warning in &environment.warnings {
            text += &format!("- {}\n", escape(&clean(warning)));
        }
    }
    text += "\n## Method\n\n";
    text += METHOD;
    text += "\n## Figures\n";
    for figure in figures {
        text += &format!("\n![{}]({})\n", escape(&figure.title), figure.file);
    }
    let unsupported = conditions::unsupported(view);
    let matrices = section("Backends and layouts", &matrix::tables(view, Room::Page));
    text += &matrices;
    if !matrices.is_empty() && !unsupported.is_empty() {
        text += "\n× cannot do the layout:\n\n";
        for line in unsupported {
            text += &format!("- {}\n", escape(&line));
        }
    }
    text += &section("Memory and building", &memory::tables(view, Room::Page));
    text += "\n## Costs and changes\n";
    for table in view.groups.iter().flat_map(|group| table::of_group(view, group, Room::Page)) {
        text += &shaped(&table);
    }
    let beside = beside::tables(view, Room::Page);
    if !beside.is_empty() {
        text += "\n## Beside the paper\n\n";
        text += "C. G. Mathew and S. N. Raju, \"Portable Hotplugging: NetBSD's uvm\\_hotplug(9) API \
                 development\", 2017. Only changes and ratios are set side by side; seconds of \
                 another machine compare with nothing.\n";
        for table in &beside {
            text += &shaped(table);
        }
    }
    text += "\n## Again\n\n";
    text += &fenced(&again(view.run));
    text
}

const METHOD: &str = "\
1. A round times one batch of every backend and one of the baseline, all on the same addresses from \
the same seed, in an order that changes from round to round. A warm-up round before the first is \
thrown away.
2. Every answer was held against an independent oracle; a wrong answer stops a run and is never a figure.
3. The baseline is the same loop with the lookup left out. Net is a batch less the baseline of its round. \
On an out-of-order core the two costs overlap, so net is an estimate, and it may be negative.
4. σ is the population standard deviation and ±z = 1.96 σ / √n, as in the paper; ±t is Student's margin. \
– is a figure that does not exist, such as a margin from one run.
5. A change is time against the reference, positive = slower, with 95 % bounds; `equivalent` means \
within ±1 %, `inconclusive` that more rounds are needed.
";

/// Tables under a heading; nothing without tables.
fn section(title: &str, tables: &[Table]) -> String {
    if tables.is_empty() {
        return String::new();
    }
    let tables: String = tables.iter().map(shaped).collect();
    format!("\n## {title}\n{tables}")
}

pub(super) fn shaped(table: &Table) -> String {
    let mut text = format!("\n### {}\n\n", escape(&table.title));
    let line = |cells: &[String]| {
        let cells: Vec<String> =
            cells.iter().map(|cell| escape(&cell.replace('\n', ", "))).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text += &line(&table.heads);
    for index in 0..table.heads.len() {
        text += if is_name(table, index) { "|:---" } else { "|---:" };
    }
    text += "|\n";
    for row in &table.rows {
        text += &line(row);
    }
    for note in &table.notes {
        text += &format!("\n{}\n", escape(note));
    }
    text
}

/// `text` so that Markdown shows it as it is, in a paragraph, a heading, a link or a table cell.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The command that repeats a run, as a shell takes it.
pub(super) fn again(run: &Run) -> String {
    command(&run.environment.command_line)
}

/// The command line of a run as a block to copy.
pub(super) fn again_in_a_block(words: &[String]) -> String {
    fenced(&command(words))
}

/// A command line that a POSIX shell takes apart into the same words.
fn command(words: &[String]) -> String {
    let Some(arguments) = words.get(1..) else {
        return UNKNOWN.to_owned();
    };
    // The folder is taken, by the run that this page is about.
    let mut kept: Vec<&String> = Vec::new();
    let mut skip_next = false;
    for word in arguments {
        let takes_value = word == "--out";
        if !skip_next && !takes_value && !word.starts_with("--out=") && word != "--resume" {
            kept.push(word);
        }
        skip_next = takes_value && !skip_next;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,=:+@%".contains(c);
    let quoted = |word: &String| {
        if word.is_empty() {
            "''".to_owned()
        } else if word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", clean(word).replace('\'', "'\\''"))
        }
    };
    let words = kept.into_iter().map(quoted).collect::<Vec<_>>();
    format!("cargo run --release -- {}", words.join(" "))
}

/// A code block whose fence is longer than any run of backticks inside it.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sh\n{code}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_page() {
        assert_eq!(escape("a|b`c<d>&e[f](g)"), "a\\|b\\`c&lt;d&gt;&amp;e\\[f\\](g)");
        assert_eq!(
            command(&["x".into(), "a b'c".into(), String::new()]),
            "cargo run --release -- 'a b'\\''c' ''"
        );
        assert!(fenced("a```b").starts_with("````sh\n"));
    }
}
