//! What a parser found: entries, as maps of one boot each, and lines that it could not read.

use std::collections::BTreeMap;

use super::line::Line;
use super::source::Source;

/// The most entries of one source. The largest real list, memory blocks of a machine of 64 TiB, has
/// as many, and blocks that touch are made one on the way.
pub(super) const ENTRIES_MAX: usize = 1 << 18;

/// More kinds of memory than any source has; what comes after them is counted together.
const KINDS_MAX: usize = 40;

/// How much of a line or of a kind's name is quoted.
const QUOTED_CHARS_MAX: usize = 100;

/// Addresses `[start, end)` in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::layout) struct Bytes {
    pub(in crate::layout) start: u64,
    pub(in crate::layout) end: u64,
}

/// Why a line that looks like an entry is none.
pub(in crate::layout) type Why = &'static str;

impl Bytes {
    /// From the first byte to the last. The last byte of 64-bit addresses is left out: no physical
    /// address reaches that far.
    pub(in crate::layout) fn inclusive(start: u64, last: u64) -> Result<Self, Why> {
        match last.checked_sub(start) {
            None => Err("the end lies before the start"),
            Some(_) => Ok(Self { start, end: last.saturating_add(1) }),
        }
    }

    /// From the first byte to the one after the last.
    pub(super) fn exclusive(start: u64, end: u64) -> Result<Self, Why> {
        if end < start { Err("the end lies before the start") } else { Ok(Self { start, end }) }
    }

    /// From the first byte, so many.
    pub(super) fn with_length(start: u64, bytes: u64) -> Result<Self, Why> {
        let end = start.checked_add(bytes).ok_or("start and length exceed 64 bits")?;
        Ok(Self { start, end })
    }

    /// From page frame `start` to before `end`.
    pub(super) fn of_frames(start: u64, end: u64, page_bytes: u64) -> Result<Self, Why> {
        let byte = |frame: u64| frame.checked_mul(page_bytes).ok_or("addresses exceed 64 bits");
        Self::exclusive(byte(start)?, byte(end)?)
    }

    pub(super) fn length(self) -> u64 {
        self.end - self.start
    }
}

/// One range of a map.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::layout) struct Entry {
    pub(in crate::layout) bytes: Bytes,
    /// Whether the operating system may hand it out as pages.
    pub(in crate::layout) usable: bool,
    /// The NUMA node, where the source tells.
    pub(in crate::layout) node: Option<u32>,
}

/// One map of a boot, which may show several.
#[derive(Debug, Default)]
pub(super) struct Map {
    /// The boot that it is of, counted from 0.
    pub(super) boot: usize,
    /// Higher ones replace lower ones of the same boot: a map that the kernel corrected replaces firmware's.
    pub(super) rank: u8,
    /// Its first and its last line.
    pub(super) lines: (usize, usize),
    pub(super) entries: Vec<Entry>,
    /// How many entries and bytes there are of each kind, by the source's own words.
    pub(super) kinds: BTreeMap<String, Kind>,
    first: Option<Bytes>,
}

/// What there is of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Kind {
    pub(super) entries: u64,
    pub(super) bytes: u128,
    pub(super) usable: bool,
}

impl Map {
    /// Bytes that are usable, overlaps counted twice.
    pub(super) fn usable_bytes(&self) -> u128 {
        self.kinds.values().filter(|kind| kind.usable).map(|kind| kind.bytes).sum()
    }

    pub(super) fn count(&self) -> u64 {
        self.kinds.values().map(|kind| kind.entries).sum()
    }
}

/// A line that looks like an entry and is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Unreadable {
    pub(super) line: usize,
    /// The line, cut and with control characters escaped.
    pub(super) text: String,
    pub(super) why: Why,
}

/// All that was found of one source.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) source: Source,
    pub(super) maps: Vec<Map>,
    /// How many lines look like entries and are none, and the first of them.
    pub(super) unreadable: u64,
    pub(super) first_unreadable: Option<Unreadable>,
    /// The first line of a map that hides its addresses.
    pub(super) hidden: Option<usize>,
    /// Whether there are more entries than [`ENTRIES_MAX`].
    pub(super) too_many: bool,
    /// What else the user should know, each once.
    pub(super) notes: Vec<String>,
    kept: usize,
    new_map: bool,
    rank: u8,
}

impl Found {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            maps: Vec::new(),
            unreadable: 0,
            first_unreadable: None,
            hidden: None,
            too_many: false,
            notes: Vec::new(),
            kept: 0,
            new_map: false,
            rank: 0,
        }
    }

    /// What comes now is another map: a headline was seen, or lines of another kind begin.
    pub(super) fn begin(&mut self, rank: u8) {
        self.new_map = true;
        self.rank = rank;
    }

    /// One entry, of the kind that the source calls `kind`.
    pub(super) fn add(
        &mut self,
        line: usize,
        bytes: Result<Bytes, Why>,
        usable: bool,
        kind: &str,
        node: Option<u32>,
    ) -> Result<(), Why> {
        let bytes = bytes?;
        if self.kept >= ENTRIES_MAX {
            self.too_many = true;
            return Ok(());
        }
        let again = self.maps.last().is_some_and(|map| map.first == Some(bytes));
        // Logs of several boots without their headlines: a map begins as the one before did.
        if self.new_map || self.maps.is_empty() || (again && self.source.keeps_apart()) {
            self.new_map = false;
            // A boot shows its maps from firmware's to the last corrected one, so what does not rank
            // above the map before begins another boot.
            let boot = |last: &Map| last.boot + usize::from(last.rank >= self.rank);
            let map = Map {
                boot: self.maps.last().map_or(0, boot),
                rank: self.rank,
                lines: (line, line),
                ..Map::default()
            };
            self.maps.push(Map { first: Some(bytes), ..map });
        }
        let Some(map) = self.maps.last_mut() else {
            return Ok(());
        };
        // Blocks of sysfs come in the order of their numbers, wherever they stand.
        map.lines = (map.lines.0.min(line), map.lines.1.max(line));
        let name = if map.kinds.len() < KINDS_MAX || map.kinds.contains_key(kind) {
            quoted(kind)
        } else {
            "other kinds".to_owned()
        };
        let count = map.kinds.entry(name).or_default();
        count.entries += 1;
        count.bytes += u128::from(bytes.length());
        count.usable |= usable;
        let entry = Entry { bytes, usable, node };
        match map.entries.last_mut() {
            Some(last)
                if !self.source.keeps_apart()
                    && (last.usable, last.node) == (usable, node)
                    && last.bytes.end == bytes.start =>
            {
                last.bytes.end = bytes.end;
            }
            _ => {
                map.entries.push(entry);
                self.kept += 1;
            }
        }
        Ok(())
    }

    /// What else the user should know; said once, however often it is noticed.
    pub(super) fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// A line that looks like an entry and is none.
    pub(super) fn unreadable(&mut self, line: &Line<'_>, why: Why) {
        self.unreadable_at(line.number, line.text, why);
    }

    /// The same for what stands in several lines, the first of which is given.
    pub(super) fn unreadable_at(&mut self, line: usize, text: &str, why: Why) {
        self.unreadable += 1;
        self.first_unreadable.get_or_insert_with(|| Unreadable { line, text: quoted(text), why });
    }

    /// The map to take: of each boot the one of the highest rank, and of these the largest, because a
    /// crash kernel or a log that was cut has less; of equals the last. Headlines without entries are no
    /// maps.
    pub(super) fn best(&self) -> Option<&Map> {
        let boots = self.maps.chunk_by(|one, next| one.boot == next.boot);
        let last_words = boots
            .filter_map(|maps| maps.iter().max_by_key(|map| (map.usable_bytes() > 0, map.rank)));
        last_words.max_by_key(|map| map.usable_bytes())
    }

    /// How many boots have a map.
    pub(super) fn boots(&self) -> usize {
        self.maps.last().map_or(0, |map| map.boot + 1)
    }
}

/// As much of `text` as fits into a message, nothing in it that a terminal obeys.
pub(super) fn quoted(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut quoted: String = plain.take(QUOTED_CHARS_MAX).collect();
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        quoted.push_str("...");
    }
    quoted
}

/// What reads one source. It gets every line of the text, whatever it is about, and adds what it
/// knows to what was found; it never fails.
pub(super) trait Parser {
    /// The next line.
    fn line(&mut self, line: &Line<'_>, found: &mut Found);

    /// There are no more lines.
    fn end(&mut self, _found: &mut Found) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kib(start: u64, end: u64) -> Result<Bytes, Why> {
        Bytes::exclusive(start << 10, end << 10)
    }

    #[test]
    fn ends_are_what_the_source_means_by_them() {
        let bytes = Bytes { start: 0x1000, end: 0x2000 };
        assert_eq!(Bytes::inclusive(0x1000, 0x1fff), Ok(bytes));
        assert_eq!(Bytes::exclusive(0x1000, 0x2000), Ok(bytes));
        assert_eq!(Bytes::with_length(0x1000, 0x1000), Ok(bytes));
        assert_eq!(Bytes::of_frames(1, 2, 4096), Ok(bytes));
        assert!(Bytes::inclusive(1, 0).is_err() && Bytes::exclusive(1, 0).is_err());
        assert!(Bytes::with_length(u64::MAX, 1).is_err());
        assert!(Bytes::of_frames(1, 1 << 60, 4096).is_err());
        assert_eq!(Bytes::inclusive(0, u64::MAX).map(|all| all.end), Ok(u64::MAX));
    }

    #[test]
    fn a_map_that_begins_again_is_another_and_the_larger_one_counts() {
        let mut found = Found::new(Source::E820);
        for (line, end) in [(1, 8), (2, 8), (3, 64)] {
            let start = if line == 3 { 16 } else { 0 };
            found.add(line, kib(start, end), true, "usable", None).unwrap();
        }
        assert_eq!(found.maps.len(), 2);
        assert_eq!(found.best().map(|map| map.lines), Some((2, 3)));
        found.begin(1);
        found.add(9, kib(0, 32), true, "usable", None).unwrap();
        assert_eq!(found.best().map(|map| map.lines), Some((9, 9)), "a corrected map");
        found.begin(2);
        found.add(10, kib(0, 4), false, "reserved", None).unwrap();
        assert_eq!(found.best().map(|map| map.lines), Some((9, 9)), "nothing usable");
    }

    #[test]
    fn a_corrected_map_replaces_those_of_its_own_boot_only() {
        let mut found = Found::new(Source::E820);
        // Two boots, firmware's map of each; of the second, a crash kernel, also that of its user.
        for (line, rank, end) in [(1, 1, 64), (5, 1, 32), (9, 4, 8)] {
            found.begin(rank);
            found.add(line, kib(1, end), true, "usable", None).unwrap();
        }
        assert_eq!((found.boots(), found.maps.len()), (2, 3));
        assert_eq!(found.best().map(|map| map.lines.0), Some(1));
        // A third, cut by its user, that is larger than the first all the same.
        for (line, rank, end) in [(11, 1, 128), (15, 4, 100)] {
            found.begin(rank);
            found.add(line, kib(1, end), true, "usable", None).unwrap();
        }
        assert_eq!(found.best().map(|map| map.lines.0), Some(15));
    }

    #[test]
    fn no_text_makes_it_take_more_memory_than_it_may() {
        let mut found = Found::new(Source::E820);
        for index in 0..ENTRIES_MAX as u64 + 10 {
            let kind = format!("kind {index}");
            found.add(1, kib(2 * index, 2 * index + 1), true, &kind, None).unwrap();
        }
        assert!(found.too_many);
        assert_eq!(found.maps[0].entries.len(), ENTRIES_MAX);
        assert_eq!(found.maps[0].kinds.len(), KINDS_MAX + 1);
        let mut found = Found::new(Source::Sysfs);
        for index in 0..ENTRIES_MAX as u64 + 10 {
            found.add(1, kib(index, index + 1), true, "online", None).unwrap();
        }
        assert!(!found.too_many, "blocks that touch are one");
    }

    #[test]
    fn what_is_quoted_is_short_and_plain() {
        assert_eq!(quoted("a\u{1b}b"), "a\u{fffd}b");
        assert_eq!(quoted(&"x".repeat(1000)).len(), QUOTED_CHARS_MAX + 3);
    }
}
