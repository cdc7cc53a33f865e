//! The text: of a file, of standard input, or of a folder of memory blocks; gzip is undone on the way.
//!
//! Read line by line and never kept, so that memory stays bounded whatever comes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::error::ImportError;
use super::line::text_of;
use super::{INPUT_BYTES_MAX, STANDARD_INPUT, sysfs};

/// A line is read up to here; nothing that tells of memory is longer.
const LINE_BYTES_MAX: usize = 8 << 10;

/// What is read at once.
const BUFFER_BYTES: usize = 64 << 10;

/// What was read, besides lines.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) lines: usize,
    /// How many lines were longer than is looked at.
    pub(super) long_lines: usize,
    /// Whether a gzip file ends in the middle.
    pub(super) cut_short: bool,
    /// How many lines have a zero byte, as no text has; logs after a crash may.
    pub(super) with_zeros: usize,
}

/// How formats begin that are not undone here, what they are called, and what makes text of them.
const OTHER_FORMATS: [(&[u8], &str, &str); 6] = [
    (b"\xfd7zXZ\0", "xz", "xz -dc FILE | bench-harness layout import -"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc FILE | bench-harness layout import -"),
    (b"BZh", "bzip2", "bzip2 -dc FILE | bench-harness layout import -"),
    (b"\xff\xfe", "UTF-16", "iconv -f UTF-16 FILE | bench-harness layout import -"),
    (b"\xfe\xff", "UTF-16", "iconv -f UTF-16 FILE | bench-harness layout import -"),
    (
        b"\xd0\x0d\xfe\xed",
        "a devicetree blob",
        "dtc FILE | bench-harness layout import --from dts -",
    ),
];

const GZIP: &[u8] = b"\x1f\x8b";

/// Calls `line` with the number (from 1) and the text of each line of what `path` names.
pub(super) fn each_line(
    path: &str,
    line: &mut dyn FnMut(usize, &str),
) -> Result<Text, ImportError> {
    let unreadable = |error: io::Error| ImportError::Unreadable {
        file: path.to_owned(),
        why: error.to_string(),
    };
    if path == STANDARD_INPUT {
        return of_reader("standard input", io::stdin().lock(), line);
    }
    if Path::new(path).is_dir() {
        let mut lines = 0;
        let read = sysfs::each_line(Path::new(path), |text| {
            lines += 1;
            line(lines, text);
        });
        let not_blocks = |error: io::Error| ImportError::NotSysfs {
            file: path.to_owned(),
            why: error.to_string(),
        };
        return read.map_err(not_blocks).map(|()| Text { lines, ..Text::default() });
    }
    of_reader(path, File::open(path).map_err(unreadable)?, line)
}

/// The same of a reader; `file` is what messages call it.
pub(super) fn of_reader(
    file: &str,
    mut reader: impl Read,
    line: &mut dyn FnMut(usize, &str),
) -> Result<Text, ImportError> {
    let unreadable = |error: io::Error| ImportError::Unreadable {
        file: file.to_owned(),
        why: error.to_string(),
    };
    // A pipe may give a byte at a time.
    let mut head = Vec::new();
    reader.by_ref().take(8).read_to_end(&mut head).map_err(unreadable)?;
    let other = OTHER_FORMATS.iter().find(|(magic, ..)| head.starts_with(magic));
    if let Some(&(_, what, way_out)) = other {
        return Err(ImportError::OtherFormat { file: file.to_owned(), what, way_out });
    }
    let is_gzip = head.starts_with(GZIP);
    let whole = BufReader::with_capacity(BUFFER_BYTES, io::Cursor::new(head).chain(reader));
    if !is_gzip {
        return lines(file, whole, line, &unreadable);
    }
    let plain = BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(whole));
    lines(file, plain, line, &|error| ImportError::DamagedGzip {
        file: file.to_owned(),
        why: error.to_string(),
    })
}

/// Line after line of `reader`, up to the bound.
fn lines(
    file: &str,
    mut reader: impl BufRead,
    line: &mut dyn FnMut(usize, &str),
    refused: &dyn Fn(io::Error) -> ImportError,
) -> Result<Text, ImportError> {
    let mut text = Text::default();
    let mut kept: Vec<u8> = Vec::new();
    let mut begun = false;
    let mut dropped = false;
    let mut read: u64 = 0;
    let mut end_line = |kept: &mut Vec<u8>, dropped: &mut bool, text: &mut Text| {
        text.lines += 1;
        text.long_lines += usize::from(*dropped);
        text.with_zeros += usize::from(kept.contains(&0));
        line(text.lines, text_of(kept).trim_end_matches('\r'));
        kept.clear();
        *dropped = false;
    };
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // The rest of a gzip file is missing: what there is may do.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof && text.lines > 0 => {
                text.cut_short = true;
                break;
            }
            Err(error) => return Err(refused(error)),
        };
        if buffer.is_empty() {
            break;
        }
        let (piece, ended) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (&buffer[..at], true),
            None => (buffer, false),
        };
        let room = LINE_BYTES_MAX - kept.len();
        kept.extend_from_slice(&piece[..piece.len().min(room)]);
        dropped |= piece.len() > room;
        let used = piece.len() + usize::from(ended);
        reader.consume(used);
        read += used as u64;
        if read > INPUT_BYTES_MAX {
            return Err(ImportError::TooLarge { file: file.to_owned() });
        }
        begun = !ended;
        if ended {
            end_line(&mut kept, &mut dropped, &mut text);
        }
    }
    if begun {
        end_line(&mut kept, &mut dropped, &mut text);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: impl Read) -> (Result<Text, ImportError>, Vec<String>) {
        let mut lines = Vec::new();
        let text = of_reader("log", bytes, &mut |number, line: &str| {
            assert_eq!(number, lines.len() + 1);
            lines.push(line.to_owned());
        });
        (text, lines)
    }

    fn gz(text: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text).unwrap();
        gz.finish().unwrap()
    }

    #[test]
    fn lines_end_in_either_way_and_the_last_one_need_not_end() {
        let (text, lines) = read(&b"one\r\ntwo\n\nfour"[..]);
        assert_eq!(lines, ["one", "two", "", "four"]);
        assert_eq!(text.unwrap(), Text { lines: 4, ..Text::default() });
        assert_eq!(read(&b""[..]).1, [""; 0]);
        assert_eq!(read(&b"\n"[..]).1, [""]);
    }

    #[test]
    fn gzip_is_undone_also_of_several_members() {
        let mut both = gz(b"one\ntwo\n");
        both.extend(gz(b"three\n"));
        assert_eq!(read(&both[..]).1, ["one", "two", "three"]);
    }

    #[test]
    fn of_a_gzip_that_was_cut_the_beginning_counts() {
        use std::fmt::Write;
        let mut long = String::new();
        for i in 0_u64..60_000 {
            writeln!(long, "{:x}", i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).unwrap();
        }
        let whole = gz(long.as_bytes());
        let (text, lines) = read(&whole[..whole.len() / 2]);
        assert!(text.unwrap().cut_short);
        assert!(lines.len() > 1000);
        let error = read(&whole[..12]).0.unwrap_err().to_string();
        assert!(error.starts_with("log: damaged gzip"), "{error}");
        let mut damaged = gz(b"one\n");
        damaged[10] = 0xff;
        assert!(read(&damaged[..]).0.is_err());
    }

    #[test]
    fn other_formats_are_named_with_what_undoes_them() {
        let error = read(&b"\xfd7zXZ\0rest"[..]).0.unwrap_err().to_string();
        assert!(error.contains("xz -dc"), "{error}");
        let error = read(&b"\xff\xfeh\0"[..]).0.unwrap_err().to_string();
        assert!(error.contains("UTF-16"), "{error}");
    }

    #[test]
    fn a_line_without_end_takes_no_memory_and_a_text_without_end_is_refused() {
        let long = io::repeat(b'x').take(20 << 20).chain(&b"\nnext\n"[..]);
        let (text, lines) = read(long);
        assert_eq!(text.unwrap().long_lines, 1);
        assert_eq!((lines[0].len(), lines[1].as_str()), (LINE_BYTES_MAX, "next"));
        let error = read(io::repeat(b'x')).0.unwrap_err().to_string();
        assert!(error.contains("larger than 256 MiB"), "{error}");
    }

    #[test]
    fn a_bomb_is_bounded_like_any_other_text() {
        let zeros = vec![0; 8 << 20];
        let member = gz(&zeros);
        let bomb: Vec<u8> = member.iter().copied().cycle().take(member.len() * 40).collect();
        assert!(matches!(read(&bomb[..]).0, Err(ImportError::TooLarge { .. })));
    }
}
