//! What goes to a terminal: colour, and only there.
//!
//! Colour never says what words do not. It is left out where output is no terminal, where `NO_COLOR` is set or
//! `CLICOLOR` is 0, and for `TERM=dumb`; `CLICOLOR_FORCE` has it anywhere. Used by `main` and `cmd`; what makes text
//! makes it plain.

use std::fmt::Display;
use std::io::{self, Write};

// The crates with which clap, which is here anyhow, colours its own messages.
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Color, Effects, Style};

const ERROR: Style = bold(AnsiColor::Red);
const WARNING: Style = bold(AnsiColor::Yellow);

const fn bold(color: AnsiColor) -> Style {
    plain(color).effects(Effects::BOLD)
}

const fn plain(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

/// Words that stand in a column of their own, and how they are shown.
const VERDICTS: [(&str, Style); 4] = [
    ("slower", plain(AnsiColor::Red)),
    ("faster", plain(AnsiColor::Green)),
    ("equivalent", plain(AnsiColor::Cyan)),
    ("inconclusive", plain(AnsiColor::Yellow)),
];

/// Words with which a line begins, and how they are shown.
const STATES: [(&str, Style); 3] = [
    ("ok", plain(AnsiColor::Green)),
    ("warn", bold(AnsiColor::Yellow)),
    ("unknown", plain(AnsiColor::Cyan)),
];

/// Head of the column whose words are coloured.
const COLUMN: &str = "verdict";

/// An error, to standard error.
pub fn error(what: impl Display) {
    say("error:", ERROR, &what);
}

/// A warning, to standard error.
pub fn warning(what: impl Display) {
    say("warning:", WARNING, &what);
}

fn say(word: &str, style: Style, what: &dyn Display) {
    // Where standard error is gone nobody is left to be told.
    let _ = writeln!(anstream::stderr(), "{style}{word}{style:#} {what}");
}

/// Whether standard output is to have colour.
pub fn is_coloured() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Tables with the words of their column `verdict` coloured. Every other byte stays as it is.
pub fn verdicts(text: &str) -> String {
    let mut painted = String::with_capacity(text.len() + text.len() / 8);
    // Where the column begins, in characters, as long as lines belong to a table that has it.
    let (mut column, mut in_rows) = (None, false);
    for line in text.split_inclusive('\n') {
        if let Some(at) = head(line) {
            (column, in_rows) = (Some(at), false);
        } else if line.trim().is_empty() {
            (column, in_rows) = (None, false);
        } else if line.starts_with('─') {
            in_rows = column.is_some();
        } else if let Some(at) = column.filter(|_| in_rows) {
            painted.push_str(&coloured_at(line, at, &VERDICTS));
            continue;
        }
        painted.push_str(line);
    }
    painted
}

/// The checks of `doctor` with their states coloured.
pub fn states(text: &str) -> String {
    text.split_inclusive('\n').map(|line| coloured_at(line, 0, &STATES)).collect()
}

/// Where the column of verdicts begins in a line of heads.
fn head(line: &str) -> Option<usize> {
    let at = line.find(COLUMN)?;
    let alone = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let heads = line.contains("backend");
    let whole =
        alone(line[..at].chars().next_back()) && alone(line[at + COLUMN.len()..].chars().next());
    (heads && whole).then(|| line[..at].chars().count())
}

/// The line with the word that begins at a character coloured, if it is one of these.
fn coloured_at(line: &str, at: usize, words: &[(&str, Style)]) -> String {
    let start = line.char_indices().nth(at).map_or(line.len(), |(byte, _)| byte);
    let (before, rest) = line.split_at(start);
    let known = words.iter().find_map(|(word, style)| {
        let behind = rest.strip_prefix(word)?;
        behind.chars().next().is_none_or(char::is_whitespace).then_some((word, style, behind))
    });
    match known {
        Some((word, style, behind)) => format!("{before}{style}{word}{style:#}{behind}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
Change, slower is slower
lookups  backend  verdict      p
                            Holm
────────────────────────────────
     1M  größe    slower  <0.001
     1M  slower   inconclusive 1
slower than it seems.

slower
";

    #[test]
    fn verdicts_are_coloured_in_their_column_alone() {
        let painted = verdicts(TABLE);
        assert!(painted.contains("größe    \u{1b}[31mslower\u{1b}[0m  <0.001\n"), "{painted}");
        assert!(painted.contains("slower   \u{1b}[33minconclusive\u{1b}[0m 1\n"), "{painted}");
        assert_eq!(painted.matches('\u{1b}').count(), 4, "{painted}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), TABLE);
    }

    #[test]
    fn states_are_coloured_where_a_line_begins() {
        let text = "ok       timer  ok\nwarn     load   unknown\nokay\n";
        let painted = states(text);
        assert!(painted.starts_with("\u{1b}[32mok\u{1b}[0m       timer  ok\n"), "{painted}");
        assert_eq!(painted.matches('\u{1b}').count(), 5, "{painted}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
    }
}
