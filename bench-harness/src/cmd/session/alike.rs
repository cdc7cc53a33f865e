//! Many warnings of one kind, said as one. The record has them all.
//!
//! What a short burst or a drift means is the same for every backend on every layout, and forty lines of it
//! hide the one line of another kind.

use std::path::Path;

/// A warning that there may be many of.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::cmd) struct Warning {
    /// Those of one kind are said together.
    pub kind: &'static str,
    /// How bad it is, among its kind.
    pub badness: f64,
    /// As it is recorded.
    pub words: String,
}

/// The warnings of a run as they are said: of those in `recorded` that are also among `many`, the worst of
/// each kind stands for all, in the place of the first. `record` is the file that has them.
pub(in crate::cmd) fn together(
    recorded: &[String],
    many: &[Warning],
    record: &Path,
) -> Vec<String> {
    let mut said = Vec::new();
    let mut kinds: Vec<&str> = Vec::new();
    for words in recorded {
        let Some(one) = many.iter().find(|one| one.words == *words) else {
            said.push(words.clone());
            continue;
        };
        if kinds.contains(&one.kind) {
            continue;
        }
        kinds.push(one.kind);
        let alike = many.iter().filter(|other| other.kind == one.kind);
        let alike: Vec<_> = alike.filter(|other| recorded.contains(&other.words)).collect();
        let worst = alike.iter().max_by(|a, b| a.badness.total_cmp(&b.badness));
        let worst = worst.map_or(words, |worst| &worst.words);
        said.push(match alike.len() {
            1 => worst.clone(),
            count => {
                let record = record.display();
                format!("{count} warnings alike, all of them in {record}; the worst: {worst}")
            }
        });
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(kind: &'static str, badness: f64, words: &str) -> Warning {
        Warning { kind, badness, words: words.to_owned() }
    }

    #[test]
    fn the_worst_of_a_kind_stands_for_all_where_the_first_was() {
        let many = [
            warning("short", 0.1, "a is short"),
            warning("drift", 0.5, "b drifted"),
            warning("short", 0.3, "c is short"),
            warning("short", 0.2, "d is short"),
            warning("short", 9.0, "not recorded"),
        ];
        let recorded = ["load", "a is short", "b drifted", "c is short", "steal", "d is short"];
        let said = together(&recorded.map(str::to_owned), &many, Path::new("out/x.json"));
        assert_eq!(
            said,
            [
                "load",
                "3 warnings alike, all of them in out/x.json; the worst: c is short",
                "b drifted",
                "steal",
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_said_as_it_is_recorded() {
        let recorded = ["of an older program".to_owned(), "another".to_owned()];
        assert_eq!(together(&recorded, &[], Path::new("x")), recorded);
        assert_eq!(together(&[], &[warning("short", 1.0, "a")], Path::new("x")), [""; 0]);
    }
}
