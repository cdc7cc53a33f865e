//! Wrong names, answered with the valid ones and the nearest of them.
//!
//! Backends, layouts, workloads and generators are all chosen by name on the command line. Every
//! place that looks a name up fails in the same words, through [`UnknownName`].

use std::fmt;
use std::path::Path;

/// Below this similarity (Jaro-Winkler, 0 to 1) a name is not worth suggesting; the threshold that
/// command-line parsers commonly use.
const SIMILAR: f64 = 0.7;

/// A name that is none of the valid ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownName {
    /// What was to be named: `layout`, `backend`, `workload`, ...
    pub what: &'static str,
    /// The name given.
    pub given: String,
    /// All valid names.
    pub valid: Vec<String>,
    /// The valid name most like the one given, if any is much like it.
    pub nearest: Option<String>,
}

impl UnknownName {
    /// Says that `given` is no valid name for a `what`, and looks for the nearest one that is.
    pub fn new(what: &'static str, given: &str, valid: &[&str]) -> Self {
        Self {
            what,
            given: given.to_owned(),
            valid: valid.iter().map(|&name| name.to_owned()).collect(),
            nearest: nearest(given, valid),
        }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Debug formatting escapes what a terminal would obey.
        write!(f, "unknown {} {:?}", self.what, self.given)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; did you mean {nearest:?}?")?;
        }
        write!(f, " (valid: {})", self.valid.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// A name, perhaps with a parameter behind a colon, that nothing goes by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BadName {
    /// None of the valid ones.
    Unknown(UnknownName),
    /// A valid one with a parameter that it does not take.
    Parameter {
        /// What was to be named.
        what: &'static str,
        /// The name given, parameter and all.
        given: String,
        /// Which parameters it takes, and an example.
        expected: &'static str,
    },
    /// A valid one for something that cannot be had.
    Unusable {
        /// What was to be named.
        what: &'static str,
        /// The name given, parameter and all.
        given: String,
        /// Why not, and the way out.
        why: String,
    },
}

impl BadName {
    /// Says that the `what` called `given` takes another parameter.
    pub fn parameter(what: &'static str, given: &str, expected: &'static str) -> Self {
        Self::Parameter { what, given: given.to_owned(), expected }
    }

    /// Says why what the `what` called `given` stands for cannot be had.
    pub fn unusable(what: &'static str, given: &str, why: impl fmt::Display) -> Self {
        Self::Unusable { what, given: given.to_owned(), why: why.to_string() }
    }
}

impl From<UnknownName> for BadName {
    fn from(unknown: UnknownName) -> Self {
        Self::Unknown(unknown)
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => unknown.fmt(f),
            // Debug formatting escapes what a terminal would obey.
            Self::Parameter { what, given, expected } => {
                write!(f, "{what} {given:?}: expected {expected}")
            }
            Self::Unusable { what, given, why } => write!(f, "{what} {given:?}: {why}"),
        }
    }
}

impl std::error::Error for BadName {}

/// The name of `valid` most like `name`, ignoring case; `None` when all are quite different.
pub fn nearest(name: &str, valid: &[&str]) -> Option<String> {
    let name = name.to_lowercase();
    valid
        .iter()
        .map(|&candidate| (strsim::jaro_winkler(&name, &candidate.to_lowercase()), candidate))
        .filter(|&(similarity, _)| similarity > SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}

/// Longest name that is made of a file's.
const STEM_MAX: usize = 80;

/// The last part of a path.
pub(crate) fn base_name(file: &str) -> String {
    let name = Path::new(file).file_name();
    name.map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A name for what a file holds: the file's, without `endings`, each of which is taken off once, in this order;
/// they say how it was stored. What a name may not have becomes `-`. May be empty.
pub(crate) fn stem_of(file: &str, endings: &[&str]) -> String {
    let name = base_name(file);
    let stem = endings
        .iter()
        .fold(name.as_str(), |stem, &ending| stem.strip_suffix(ending).unwrap_or(stem));
    let plain = |c: char| if c.is_control() || c.is_whitespace() { '-' } else { c };
    stem.trim().chars().map(plain).take(STEM_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let valid = ["array", "rbtree", "paper-32x8", "xoshiro256++"];
        for (given, meant) in [
            ("aray", "array"),
            ("tree", "rbtree"),
            ("RBTREE", "rbtree"),
            ("paper-32x9", "paper-32x8"),
            ("xoshiro", "xoshiro256++"),
        ] {
            assert_eq!(nearest(given, &valid).as_deref(), Some(meant), "{given}");
        }
        assert_eq!(nearest("qqq", &valid), None);
        assert_eq!(nearest("", &valid), None);
        assert_eq!(nearest("array", &[]), None);
    }

    #[test]
    fn what_says_how_a_file_was_stored_is_not_in_its_name() {
        let endings = [".gz", ".txt", ".log"];
        for (file, stem) in [
            ("/var/log/dmesg.log.gz", "dmesg"),
            ("boot of\tmonday.txt", "boot-of-monday"),
            ("a.gz.log", "a.gz"),
            ("-", "-"),
            (".gz", ""),
        ] {
            assert_eq!(stem_of(file, &endings), stem, "{file}");
        }
        assert_eq!(stem_of(&"x".repeat(200), &endings).len(), STEM_MAX);
    }

    #[test]
    fn the_message_is_one_line_with_the_valid_names() {
        let error = UnknownName::new("backend", "aray\n", &["array", "rbtree"]);
        assert_eq!(
            error.to_string(),
            r#"unknown backend "aray\n"; did you mean "array"? (valid: array, rbtree)"#
        );
        let error = UnknownName::new("backend", "?", &["array"]);
        assert_eq!(error.to_string(), r#"unknown backend "?" (valid: array)"#);
    }
}
