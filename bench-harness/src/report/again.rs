//! The command line that repeats a run, for pages and captions.

use super::markdown::fenced;
use super::text::clean;
use crate::record::{Run, UNKNOWN};

/// The command that repeats a run, as a shell takes it.
pub(super) fn again(run: &Run) -> String {
    command(&run.environment.command_line)
}

/// The last section of a page: the command line of a run as a block to copy.
pub(super) fn section(words: &[String]) -> String {
    format!("\n## Again\n\n{}", fenced(&command(words)))
}

/// A command line that a POSIX shell takes apart into the same words.
pub(super) fn command(words: &[String]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_the_command_apart_into_the_same_words() {
        assert_eq!(
            command(&["x".into(), "a b'c".into(), String::new()]),
            "cargo run --release -- 'a b'\\''c' ''"
        );
        let words = ["x", "run", "--out", "folder", "--resume", "--seed", "7"].map(String::from);
        assert_eq!(command(&words), "cargo run --release -- run --seed 7");
        assert_eq!(command(&[]), UNKNOWN);
    }
}
