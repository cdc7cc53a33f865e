//! Where things stand in a layout file: byte offsets to lines and steps.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Turns byte offsets into line numbers.
pub(super) struct Lines {
    /// Offsets of the line feeds.
    feeds: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.bytes().enumerate();
        Self { feeds: bytes.filter(|&(_, b)| b == b'\n').map(|(i, _)| i).collect() }
    }

    /// The line that holds the byte at `offset`, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.feeds.partition_point(|&feed| feed < offset) + 1
    }
}

/// The stretch of text that each step takes, to tell which one an error is in.
pub(super) struct StepPlaces(Vec<Range<usize>>);

impl StepPlaces {
    /// The steps of `text`; `None` where it is not TOML at all.
    pub(super) fn find(text: &str) -> Option<Self> {
        let table = DeTable::parse(text).ok()?;
        let steps = match table.get_ref().get("step").map(Spanned::get_ref) {
            Some(DeValue::Array(steps)) => steps.iter().map(extent).collect(),
            _ => Vec::new(),
        };
        Some(Self(steps))
    }

    /// The step, from 1, that has `offset` inside it.
    pub(super) fn step_at(&self, offset: usize) -> Option<usize> {
        let index = self.0.iter().position(|step| step.contains(&offset))?;
        Some(index + 1)
    }
}

/// From the first byte of a value to its last; the span of a `[table]` is its header alone.
fn extent(value: &Spanned<DeValue<'_>>) -> Range<usize> {
    let mut whole = value.span();
    let mut include = |part: Range<usize>| {
        whole = whole.start.min(part.start)..whole.end.max(part.end);
    };
    match value.get_ref() {
        DeValue::Array(items) => items.iter().map(extent).for_each(include),
        DeValue::Table(table) => {
            for (key, value) in table {
                include(key.span());
                include(extent(value));
            }
        }
        _ => {}
    }
    whole
}
