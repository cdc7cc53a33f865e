//! What /proc/PID/pagemap says: one record of 64 bits for each page of a process, and tools that print it.
//!
//! Bit 63 says that the page is present, bit 62 that it is swapped out, bits 0 to 54 are its frame
//! (Documentation/admin-guide/mm/pagemap.rst). To whoever lacks `CAP_SYS_ADMIN` every frame is 0.

use crate::layout::import::number::hex;

/// What a record says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::recording) enum Record {
    /// Present, in this frame.
    Frame(u64),
    /// Present, and where is not told.
    Hidden,
    /// Not present, or swapped out.
    Absent,
}

const PRESENT: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
const FRAME: u64 = (1 << 55) - 1;

impl Record {
    pub(in crate::recording) fn of(bits: u64) -> Self {
        match (bits & (PRESENT | SWAPPED), bits & FRAME) {
            (PRESENT, 0) => Self::Hidden,
            (PRESENT, frame) => Self::Frame(frame),
            _ => Self::Absent,
        }
    }
}

/// Puts records together from bytes, wherever those are cut; the lowest byte comes first, as on nearly all
/// machines.
#[derive(Debug, Default)]
pub(super) struct Bytes {
    bits: u64,
    bytes: u32,
}

impl Bytes {
    /// Takes a byte; a record if it was its last.
    pub(super) fn take(&mut self, byte: u8) -> Option<Record> {
        self.bits |= u64::from(byte) << (8 * self.bytes);
        self.bytes += 1;
        if self.bytes < 8 {
            return None;
        }
        let record = Record::of(self.bits);
        *self = Self::default();
        Some(record)
    }

    /// Whether a record is cut off at the end.
    pub(super) fn is_cut(&self) -> bool {
        self.bytes > 0
    }
}

/// The records of a line in hexadecimal, as `od -A n -t x8 -v` and `xxd -e -g 8` print them, with or without
/// an address before them; `None` if it has none.
pub(super) fn records(line: &str) -> Option<impl Iterator<Item = Record> + '_> {
    // xxd repeats the bytes as characters behind two blanks.
    let line = line.split("  ").find(|part| !part.trim().is_empty())?;
    let mut words = line.split_ascii_whitespace().peekable();
    if words.peek().is_some_and(|word| bits(word).is_none()) {
        words.next();
    }
    words.peek().copied().and_then(bits)?;
    Some(words.map_while(bits).map(Record::of))
}

/// Sixteen hexadecimal digits.
fn bits(word: &str) -> Option<u64> {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    if digits.len() == 16 { hex(digits) } else { None }
}

/// Where a listing of `page-types` has what: `page-types -p PID -L` prints a page a line, `-l` as many as
/// follow one another, both in hexadecimal without a prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Columns {
    frame: usize,
    length: Option<usize>,
}

impl Columns {
    /// Of the line that heads such a listing.
    pub(super) fn of(line: &str) -> Option<Self> {
        let at = |name| line.split_ascii_whitespace().position(|word| word == name);
        at("flags")?;
        Some(Self { frame: at("offset")?, length: at("len") })
    }

    /// First frame and number of frames of a line below it.
    pub(super) fn frames(self, line: &str) -> Option<(u64, u64)> {
        let column = |index| line.split_ascii_whitespace().nth(index).and_then(hex);
        let length = self.length.map_or(Some(1), column)?;
        Some((column(self.frame)?, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_say_where_a_page_is_if_it_is_and_may_be_told() {
        assert_eq!(Record::of(0x8180_0000_0000_1a2b), Record::Frame(0x1a2b));
        assert_eq!(Record::of(0x8000_00ff_ffff_ffff), Record::Frame((1 << 40) - 1));
        assert_eq!(Record::of(0x8180_0000_0000_0000), Record::Hidden);
        assert_eq!(Record::of(0x4000_0000_0000_1a2b), Record::Absent, "swapped out");
        assert_eq!(Record::of(0x0080_0000_0000_0000), Record::Absent, "soft dirty");
        let mut bytes = Bytes::default();
        let mut found = Vec::new();
        for byte in 0x8180_0000_0000_1a2b_u64.to_le_bytes().into_iter().chain([0; 8]).chain([1]) {
            found.extend(bytes.take(byte));
        }
        assert_eq!((found, bytes.is_cut()), (vec![Record::Frame(0x1a2b), Record::Absent], true));
    }

    #[test]
    fn dumps_are_read_with_and_without_addresses() {
        let frames = |line| {
            let records = records(line)?.filter_map(|record| match record {
                Record::Frame(frame) => Some(frame),
                _ => None,
            });
            Some(records.collect::<Vec<_>>())
        };
        assert_eq!(
            frames(" 8180000000001a2b 0000000000000000 8180000000001a2c"),
            Some(vec![0x1a2b, 0x1a2c])
        );
        assert_eq!(frames("0x8180000000001a2b"), Some(vec![0x1a2b]));
        assert_eq!(frames("0000020 8180000000001a2b"), Some(vec![0x1a2b]));
        assert_eq!(
            frames("00000020: 8180000000001a2b 8180000000001a2c  +.......,......."),
            Some(vec![0x1a2b, 0x1a2c])
        );
        for line in ["", "*", "0x1a2b", "00000020:", "8180000000001a2g", "08180000000001a2b"] {
            assert_eq!(frames(line), None, "{line}");
        }
    }

    #[test]
    fn listings_are_read_by_their_headings() {
        let pages = Columns::of("voffset\toffset\tflags").expect("a heading");
        assert_eq!(pages.frames("55d0c6a41\t1a2b\t__RU_lA____Ma_b____"), Some((0x1a2b, 1)));
        let ranges = Columns::of("voffset\toffset\tlen\tflags").expect("a heading");
        assert_eq!(ranges.frames("55d0c6a41\t1a2b\t10\t__RU_lA____"), Some((0x1a2b, 16)));
        assert_eq!(ranges.frames("55d0c6a41\t1a2b"), None);
        assert_eq!(ranges.frames(""), None);
        assert_eq!(Columns::of("offset and other words"), None);
    }
}
