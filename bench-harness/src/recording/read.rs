//! The bytes of a recording back into addresses, trusting none of them.
//!
//! The checksum comes first, so that a file that was damaged by accident is refused as a whole. One that
//! was made to deceive is bounded all the same: memory grows with the addresses that are really there,
//! never with what the head says.

use std::io::Read;

use flate2::Crc;
use flate2::bufread::ZlibDecoder;

use super::format::{CHECKSUM_BYTES, MAGIC, RawHead, VERSION};
use super::model::{Pfns, Recording};
use super::varint;
use super::{FILE_BYTES_MAX, HEAD_BYTES_MAX, Problem, RecordingError};

/// What is decompressed at once.
const CHUNK_BYTES: usize = 64 << 10;

/// The recording in `bytes`; `file` is what messages call it.
///
/// # Errors
///
/// What is wrong with them, with the way out.
pub fn read(file: &str, bytes: &[u8]) -> Result<Recording, RecordingError> {
    of_bytes(bytes).map_err(|problem| RecordingError::new(file, problem))
}

fn of_bytes(bytes: &[u8]) -> Result<Recording, Problem> {
    let rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or(Problem::NotARecording)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Problem::TooLarge);
    }
    let (version, rest) = line(rest, 16).ok_or(Problem::NotARecording)?;
    if version != VERSION {
        return Err(Problem::OtherVersion(version.escape_debug().to_string()));
    }
    let checked = bytes.len().checked_sub(CHECKSUM_BYTES).map(|at| bytes.split_at(at));
    let (before, sum) = checked.ok_or(Problem::Damaged("cut short"))?;
    let mut crc = Crc::new();
    crc.update(before);
    if sum != crc.sum().to_le_bytes() {
        return Err(Problem::Damaged("its checksum is not that of its bytes"));
    }
    let body_and_sum = rest;
    let (head, rest) = line(body_and_sum, HEAD_BYTES_MAX).ok_or(Problem::Damaged("no head"))?;
    let raw: RawHead =
        serde_json::from_str(head).map_err(|error| Problem::Head(error.to_string()))?;
    let head = raw.checked()?;
    let body = rest.len().checked_sub(CHECKSUM_BYTES).map(|at| &rest[..at]);
    let pfns = addresses(body.ok_or(Problem::Damaged("cut short"))?, &raw)?;
    Ok(Recording { head, pfns, checksum: crc.sum() })
}

/// The line at the beginning of `bytes`, of at most so many, and what comes after it.
fn line(bytes: &[u8], most: usize) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(most).position(|&byte| byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

fn addresses(body: &[u8], head: &RawHead) -> Result<Pfns, Problem> {
    let damaged = |what| Err(Problem::Damaged(what));
    let mut decoder = ZlibDecoder::new(body);
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut numbers = varint::Reader::default();
    let mut pfns = Pfns::EMPTY;
    let (mut lowest, mut highest) = (u64::MAX, 0);
    loop {
        let Ok(length) = decoder.read(&mut chunk) else {
            return damaged("its compressed part cannot be undone");
        };
        if length == 0 {
            break;
        }
        for &byte in &chunk[..length] {
            let Ok(number) = numbers.take(byte) else {
                return damaged("a number that does not end");
            };
            let Some(pfn) = number else { continue };
            if pfns.len() as u64 == head.addresses {
                return damaged("more addresses than its head says");
            }
            if !(head.start..head.end).contains(&pfn) {
                return damaged("an address outside of its span");
            }
            (lowest, highest) = (pfn.min(lowest), pfn.max(highest));
            if !pfns.push(pfn) {
                return Err(Problem::NoMemory);
            }
        }
    }
    if !numbers.is_between() || pfns.len() as u64 != head.addresses {
        return damaged("fewer addresses than its head says");
    }
    if (lowest, highest.saturating_add(1)) != (head.start, head.end) {
        return damaged("another span than its head says");
    }
    if decoder.total_in() != body.len() as u64 {
        return damaged("something behind the addresses");
    }
    Ok(pfns)
}

#[cfg(test)]
mod tests {
    use physseg::{PageSize, Pfn};
    use proptest::prelude::*;

    use super::*;
    use crate::recording::model::{Head, Map, Source, segments_of};
    use crate::recording::write::Encoder;

    fn head() -> Head {
        let segments = segments_of(&[(1, 0x9f), (0x100, 0x4_0000)], PageSize::FOUR_KIB);
        Head {
            name: "small".to_owned(),
            description: "of a test".to_owned(),
            source: Source::Ftrace,
            page_size: PageSize::FOUR_KIB,
            map: Some(Map { name: "m".to_owned(), segments: segments.expect("apart") }),
        }
    }

    fn file(pfns: &[u64]) -> Vec<u8> {
        let mut encoder = Encoder::default();
        for &pfn in pfns {
            encoder.push(pfn);
        }
        encoder.finish(&head())
    }

    /// The same file with its second line edited and its checksum made to fit: what an attacker does.
    fn edited(file: &[u8], edit: impl Fn(&str) -> String) -> Vec<u8> {
        let lines: Vec<&[u8]> = file.splitn(3, |&byte| byte == b'\n').collect();
        let head = edit(std::str::from_utf8(lines[1]).expect("text"));
        let body = &lines[2][..lines[2].len() - CHECKSUM_BYTES];
        let mut file = [lines[0], b"\n", head.as_bytes(), b"\n", body].concat();
        let mut crc = Crc::new();
        crc.update(&file);
        file.extend(crc.sum().to_le_bytes());
        file
    }

    #[track_caller]
    fn refused(bytes: &[u8], says: &str) {
        let why = read("x.pfns", bytes).expect_err("refused").to_string();
        assert!(why.starts_with("x.pfns: ") && why.contains(says), "{why}");
    }

    #[test]
    fn every_byte_counts() {
        let pfns: Vec<u64> = (0..300).map(|i| 0x100 + i * i % 977).collect();
        let whole = file(&pfns);
        let recording = read("x", &whole).expect("whole");
        assert_eq!(recording.head, head());
        assert_eq!(recording.pfns.iter().map(Pfn::get).collect::<Vec<_>>(), pfns);
        for at in 0..whole.len() {
            for flip in [1, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                assert!(read("x", &damaged).is_err(), "byte {at}");
            }
            assert!(read("x", &whole[..at]).is_err(), "cut at {at}");
        }
        refused(b"", "is no recording");
        refused(b"\x1f\x8bgz", "is no recording");
        refused(b"bench-harness recording 2\n{}\n", "version 2");
    }

    #[test]
    fn a_head_that_lies_takes_no_memory_and_is_refused() {
        let whole = file(&[0x100, 0x101, 0x200]);
        let change = |from: &'static str, to: &'static str| {
            edited(&whole, move |head| {
                assert!(head.contains(from), "{head}");
                head.replace(from, to)
            })
        };
        assert!(read("x", &edited(&whole, str::to_owned)).is_ok());
        refused(&change("\"addresses\":3", "\"addresses\":67108864"), "fewer addresses");
        refused(&change("\"addresses\":3", "\"addresses\":67108865"), "larger than any recording");
        refused(&change("\"addresses\":3", "\"addresses\":2"), "more addresses");
        refused(&change("\"addresses\":3", "\"addresses\":-1"), "its head");
        refused(&change("\"start\":256", "\"start\":257"), "outside of its span");
        refused(&change("\"start\":256", "\"start\":255"), "another span");
        refused(&change("\"end\":513", "\"end\":9999999999999"), "beyond 2^52");
        refused(&change("\"page_size\":4096", "\"page_size\":4095"), "page_size");
        refused(&change("\"ftrace\"", "\"dtrace\""), "source");
        refused(&change("\"small\"", "\"\\u001b[2J\""), "name");
        refused(&change("of a test", "\\u001b[2J"), "control characters");
        refused(&change("[1,159]", "[1,999]"), "overlap");
        refused(&change("{", "[{"), "its head");
    }

    #[test]
    fn a_bomb_is_refused_before_it_takes_memory() {
        use std::io::Write;
        // 64 MiB of zeros: as many times the same frame, where the head says three.
        let whole = file(&[0x100, 0x101, 0x200]);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&vec![0; 64 << 20]).expect("into memory");
        let body = zlib.finish().expect("into memory");
        let head_end =
            whole.iter().enumerate().filter(|&(_, &b)| b == b'\n').nth(1).expect("two").0;
        let mut bomb = [&whole[..=head_end], &body, &[0; CHECKSUM_BYTES]].concat();
        bomb = edited(&bomb, str::to_owned);
        refused(&bomb, "an address outside of its span");
    }

    proptest! {
        #[test]
        fn addresses_come_back(pfns in prop::collection::vec(0_u64..1 << 40, 1..200)) {
            let recording = read("x", &file(&pfns)).expect("whole");
            prop_assert_eq!(recording.pfns.iter().map(Pfn::get).collect::<Vec<_>>(), pfns);
        }

        #[test]
        fn any_bytes_are_refused_or_read(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut all = format!("{MAGIC}{VERSION}\n").into_bytes();
            all.append(&mut bytes);
            let _ = read("x", &all);
        }
    }
}
