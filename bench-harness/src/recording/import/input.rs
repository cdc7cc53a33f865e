//! What is imported: a file or standard input, gzip undone on the way, text or binary.
//!
//! Read piece by piece and never kept, so that memory stays bounded whatever comes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::ops::ControlFlow;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::{INPUT_BYTES_MAX, STANDARD_INPUT};
use crate::recording::{Problem, RecordingError};

/// A line is looked at up to here; an event with all its flags has 300 bytes.
const LINE_BYTES_MAX: usize = 4 << 10;

/// What is read at once.
const BUFFER_BYTES: usize = 256 << 10;

/// How formats begin that are not undone here, what they are called, and what makes text of them.
const OTHER_FORMATS: [(&[u8], &str, &str); 7] = [
    (
        b"\x17\x08\x44tra",
        "a trace.dat of trace-cmd",
        "trace-cmd report FILE | bench-harness workload import -",
    ),
    (
        b"PERFILE2",
        "a perf.data of perf record",
        "perf script -i FILE | bench-harness workload import -",
    ),
    (b"bench-harness re", "a recording already", "bench-harness workload show FILE"),
    (b"\xfd7zXZ\0", "xz", "xz -dc FILE | bench-harness workload import -"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc FILE | bench-harness workload import -"),
    (b"BZh", "bzip2", "bzip2 -dc FILE | bench-harness workload import -"),
    (b"\xff\xfe", "UTF-16", "iconv -f UTF-16 FILE | bench-harness workload import -"),
];

/// What is looked at to tell formats apart, and text from what is none.
const HEAD_BYTES: u64 = 4 << 10;

const GZIP: &[u8] = b"\x1f\x8b";

/// An input, open.
pub(super) struct Input {
    /// What messages call it.
    pub(super) file: String,
    reader: Box<dyn BufRead>,
    is_gzip: bool,
    /// Whether a gzip file ended in the middle.
    pub(super) cut_short: bool,
}

/// What has been read of one.
enum Piece {
    Bytes(usize),
    End,
}

impl Input {
    /// Opens what `path` names.
    pub(super) fn open(path: &str) -> Result<Self, RecordingError> {
        if path == STANDARD_INPUT {
            return Self::of_reader("standard input", io::stdin());
        }
        let file = path.escape_debug().to_string();
        let unreadable = |error: io::Error| {
            RecordingError::new(file.clone(), Problem::Unreadable(error.to_string()))
        };
        if Path::new(path).is_dir() {
            let why = "is a folder; expected a file, or `-` for standard input".to_owned();
            return Err(RecordingError::new(file, Problem::Unreadable(why)));
        }
        let opened = File::open(path).map_err(unreadable)?;
        Self::of_reader(&file, opened)
    }

    /// The same of a reader.
    pub(super) fn of_reader(
        file: &str,
        mut reader: impl Read + 'static,
    ) -> Result<Self, RecordingError> {
        let mut head = Vec::new();
        // A pipe may give a byte at a time.
        reader
            .by_ref()
            .take(HEAD_BYTES)
            .read_to_end(&mut head)
            .map_err(|error| RecordingError::new(file, Problem::Unreadable(error.to_string())))?;
        let other = OTHER_FORMATS.iter().find(|(magic, ..)| head.starts_with(magic));
        if let Some(&(_, what, way_out)) = other {
            return Err(RecordingError::new(file, Problem::OtherFormat { what, way_out }));
        }
        let is_gzip = head.starts_with(GZIP);
        let whole = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(head).chain(reader));
        let reader: Box<dyn BufRead> = if is_gzip {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(whole)))
        } else {
            Box::new(whole)
        };
        Ok(Self { file: file.to_owned(), reader, is_gzip, cut_short: false })
    }

    /// Whether it begins with what no text has.
    pub(super) fn is_binary(&mut self) -> Result<bool, RecordingError> {
        self.fill()?;
        // What was just filled is there without reading.
        let begin = self.reader.fill_buf().unwrap_or_default();
        Ok(begin.contains(&0))
    }

    /// Calls `take` with piece after piece.
    pub(super) fn each_piece(
        &mut self,
        mut take: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), RecordingError> {
        let mut read: u64 = 0;
        while let Piece::Bytes(length) = self.fill()? {
            let flow = take(self.reader.fill_buf().unwrap_or_default());
            self.reader.consume(length);
            read += length as u64;
            if flow.is_break() {
                return Ok(());
            }
            if read > INPUT_BYTES_MAX {
                return Err(RecordingError::new(self.file.clone(), Problem::InputTooLarge));
            }
        }
        Ok(())
    }

    /// Calls `take` with each line, without its end and cut where it is longer than is looked at, until it
    /// breaks or fails.
    pub(super) fn each_line(
        &mut self,
        mut take: impl FnMut(&str) -> Result<ControlFlow<()>, RecordingError>,
    ) -> Result<(), RecordingError> {
        let mut kept: Vec<u8> = Vec::new();
        let mut begun = false;
        let mut outcome = Ok(ControlFlow::Continue(()));
        let mut line = |kept: &mut Vec<u8>| {
            let outcome = take(String::from_utf8_lossy(kept).trim_end_matches('\r'));
            kept.clear();
            outcome
        };
        self.each_piece(|mut piece| {
            while !piece.is_empty() {
                let end = piece.iter().position(|&byte| byte == b'\n');
                let room = LINE_BYTES_MAX - kept.len();
                let part = &piece[..end.unwrap_or(piece.len())];
                kept.extend_from_slice(&part[..part.len().min(room)]);
                piece = &piece[(part.len() + 1).min(piece.len())..];
                begun = end.is_none();
                if !begun {
                    outcome = line(&mut kept);
                    if !matches!(outcome, Ok(ControlFlow::Continue(()))) {
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        if begun && matches!(outcome, Ok(ControlFlow::Continue(()))) {
            outcome = line(&mut kept);
        }
        outcome.map(|_| ())
    }

    fn fill(&mut self) -> Result<Piece, RecordingError> {
        loop {
            let problem = match self.reader.fill_buf() {
                Ok([]) => return Ok(Piece::End),
                Ok(bytes) => return Ok(Piece::Bytes(bytes.len())),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                // The rest of a gzip file is missing: what there is may do.
                Err(error) if self.is_gzip && error.kind() == ErrorKind::UnexpectedEof => {
                    self.cut_short = true;
                    return Ok(Piece::End);
                }
                Err(error) if self.is_gzip => Problem::DamagedGzip(error.to_string()),
                Err(error) => Problem::Unreadable(error.to_string()),
            };
            return Err(RecordingError::new(self.file.clone(), problem));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn lines(bytes: impl Read + 'static) -> Result<(Vec<String>, bool), RecordingError> {
        let mut input = Input::of_reader("log", bytes)?;
        let mut lines = Vec::new();
        input.each_line(|line| {
            lines.push(line.to_owned());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((lines, input.cut_short))
    }

    fn gz(text: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text).expect("into memory");
        gz.finish().expect("into memory")
    }

    #[test]
    fn lines_end_in_either_way_and_the_last_one_need_not_end() {
        assert_eq!(lines(&b"one\r\ntwo\n\nfour"[..]).unwrap().0, ["one", "two", "", "four"]);
        assert_eq!(lines(&b""[..]).unwrap().0, [""; 0]);
        assert_eq!(lines(&b"\n"[..]).unwrap().0, [""]);
        let mut both = gz(b"one\ntwo\n");
        both.extend(gz(b"three\n"));
        assert_eq!(lines(Cursor::new(both)).unwrap().0, ["one", "two", "three"]);
    }

    #[test]
    fn what_is_binary_shows_within_the_first_kilobytes() {
        let is_binary = |bytes: Vec<u8>| {
            let mut input = Input::of_reader("x", Cursor::new(bytes)).expect("of no other format");
            input.is_binary().expect("readable")
        };
        assert!(is_binary([vec![b'x'; 3_000], vec![0]].concat()));
        assert!(is_binary(gz(&[vec![b'x'; 3_000], vec![0]].concat())));
        assert!(!is_binary(vec![b'x'; 3_000]) && !is_binary(Vec::new()));
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let long = io::repeat(b'x').take(3 << 20).chain(&b"\nnext\n"[..]);
        let (lines, _) = lines(long).unwrap();
        assert_eq!((lines[0].len(), lines[1].as_str()), (LINE_BYTES_MAX, "next"));
    }

    #[test]
    fn of_a_gzip_that_was_cut_the_beginning_counts_and_a_damaged_one_is_refused() {
        let mut text = String::new();
        for i in 0_u32..50_000 {
            text += &i.wrapping_mul(0x9e37_79b9).to_string();
            text.push('\n');
        }
        let whole = gz(text.as_bytes());
        let (read, cut_short) = lines(Cursor::new(whole[..whole.len() / 2].to_vec())).unwrap();
        assert!(cut_short && read.len() > 1000);
        let mut damaged = gz(b"one\n");
        damaged[10] = 0xff;
        let error = lines(Cursor::new(damaged)).unwrap_err().to_string();
        assert!(error.starts_with("log: damaged gzip"), "{error}");
    }

    #[test]
    fn other_formats_are_named_with_what_undoes_them() {
        for (begin, says) in [
            (&b"PERFILE2\0\0\0\0\0\0\0\0"[..], "perf script"),
            (b"\x17\x08\x44tracing6\0", "trace-cmd report"),
            (b"\xfd7zXZ\0rest", "xz -dc"),
            (b"bench-harness recording 1\n", "workload show"),
        ] {
            let error = lines(begin).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
