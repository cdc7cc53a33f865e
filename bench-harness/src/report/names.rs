//! File names out of layout names, and the order in which names are listed.
//!
//! A layout's name may hold anything; a file name holds letters, digits, `.`, `_` and `-`. Used by
//! the [`View`](super::view::View).

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Longest part of a file name that a layout may take; file systems stop at 255 bytes.
const LONGEST: usize = 80;

/// Hands out file-name stems that are safe, and different even where case does not count.
#[derive(Default)]
pub(super) struct Stems {
    taken: BTreeSet<String>,
}

impl Stems {
    /// A stem for `name`; a second name that sanitises alike gets a number.
    pub(super) fn stem(&mut self, name: &str) -> String {
        let plain = sanitise(name);
        let mut stem = plain.clone();
        let mut number = 2;
        while !self.taken.insert(stem.to_ascii_lowercase()) {
            stem = format!("{plain}-{number}");
            number += 1;
        }
        stem
    }
}

/// Letters, digits, `.`, `_`, `-`; anything else becomes one `-`. No dots at the ends, so neither
/// hidden files nor `..`.
fn sanitise(name: &str) -> String {
    let mut safe = String::new();
    for c in name.chars() {
        let c = if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
        if !(c == '-' && safe.ends_with('-')) && safe.len() < LONGEST {
            safe.push(c);
        }
    }
    let safe = safe.trim_matches(['.', '-']);
    if safe.is_empty() { "unnamed".to_owned() } else { safe.to_owned() }
}

/// Compares names with the numbers in them as numbers, and memory sizes as sizes: `frag-64mb`
/// before `frag-128mb` before `frag-1gb`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (left, right) = (parts(a), parts(b));
    for (x, y) in left.iter().zip(&right) {
        let order = match (x, y) {
            (Part::Number(x), Part::Number(y)) => x.total_cmp(y),
            (Part::Text(x), Part::Text(y)) => x.cmp(y),
            (Part::Number(_), Part::Text(_)) => Ordering::Less,
            (Part::Text(_), Part::Number(_)) => Ordering::Greater,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

enum Part<'a> {
    Text(&'a str),
    Number(f64),
}

fn parts(mut text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some(first) = text.chars().next() {
        let digits = first.is_ascii_digit();
        let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
        let (part, rest) = text.split_at(end);
        text = rest;
        if digits {
            let size = ["kb", "mb", "gb", "tb"].iter().position(|unit| rest.starts_with(unit));
            let scale = size.map_or(1.0, |power| 1024_f64.powf(power as f64 + 1.0));
            text = if size.is_some() { &rest[2..] } else { rest };
            parts.push(Part::Number(part.parse().unwrap_or(f64::INFINITY) * scale));
        } else {
            parts.push(Part::Text(part));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder() {
        let mut stems = Stems::default();
        let hostile = [
            "../../etc/passwd",
            "..",
            "",
            ".hidden",
            "a/b",
            "a\\b",
            "A-B",
            "日本",
            "nul\0",
            "<script>\"&",
            "paper-32x8",
        ];
        let safe = hostile.map(|name| stems.stem(name));
        assert_eq!(
            safe,
            [
                "etc-passwd",
                "unnamed",
                "unnamed-2",
                "hidden",
                "a-b",
                "a-b-2",
                "A-B-3",
                "unnamed-3",
                "nul",
                "script",
                "paper-32x8"
            ]
            .map(String::from)
        );
        assert!(stems.stem(&"x".repeat(5000)).len() <= LONGEST);
    }

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = [
            "frag-1gb",
            "frag-256mb",
            "paper-32x8",
            "frag-64mb-as-run",
            "frag-1mb",
            "frag-64mb",
            "frag-128mb",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "frag-1mb",
                "frag-64mb",
                "frag-64mb-as-run",
                "frag-128mb",
                "frag-256mb",
                "frag-1gb",
                "paper-32x8"
            ]
        );
        assert_eq!(natural("a9", "a9"), Ordering::Equal);
    }
}
