//! Letters as they travelled: archives of mailing lists keep them in quoted-printable, which breaks lines
//! after 75 characters and writes `=` as `=3D`.
//!
//! Told by the break itself and not by the letter's head, which is rarely copied along.

use std::borrow::Cow;

/// How long a line is that was broken, `=` included: RFC 2045 allows 76, and most programs use it up.
const BROKEN_BYTES: std::ops::RangeInclusive<usize> = 72..=76;

/// How much is put together at most; nothing that tells of memory is longer.
const WHOLE_BYTES_MAX: usize = 4 << 10;

/// Puts broken lines together.
#[derive(Debug, Default)]
pub(super) struct Unfolded {
    /// The pieces so far, and the line on which they begin.
    waiting: Option<(usize, String)>,
}

impl Unfolded {
    /// The next line as it was written, with the number of its first piece; `None` while it goes on.
    pub(super) fn line<'a>(
        &mut self,
        number: usize,
        raw: &'a str,
    ) -> Option<(usize, Cow<'a, str>)> {
        let piece = raw.strip_suffix('=').filter(|_| BROKEN_BYTES.contains(&raw.len()));
        match (piece, self.waiting.take()) {
            (None, None) => Some((number, decoded(Cow::Borrowed(raw)))),
            (Some(piece), None) => {
                self.waiting = Some((number, piece.to_owned()));
                None
            }
            (piece, Some((first, mut whole))) => {
                whole.push_str(piece.unwrap_or(raw));
                if piece.is_some() && whole.len() < WHOLE_BYTES_MAX {
                    self.waiting = Some((first, whole));
                    return None;
                }
                Some((first, decoded(Cow::Owned(whole))))
            }
        }
    }

    /// What was still waiting for its end.
    pub(super) fn end(&mut self) -> Option<(usize, Cow<'static, str>)> {
        self.waiting.take().map(|(number, text)| (number, decoded(Cow::Owned(text))))
    }
}

/// The two characters that lines about memory have and that are written otherwise.
fn decoded(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("=3D") || text.ends_with("=20") {
        return Cow::Owned(text.replace("=20", " ").replace("=3D", "="));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Vec<(usize, String)> {
        let mut unfolded = Unfolded::default();
        let mut whole = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            whole.extend(unfolded.line(index + 1, line).map(|(n, text)| (n, text.into_owned())));
        }
        whole.extend(unfolded.end().map(|(n, text)| (n, text.into_owned())));
        whole
    }

    #[test]
    fn broken_lines_are_one_again_and_count_as_their_first() {
        let start = format!("> [    0.000000] user: [mem 0x{:0>43}=", "9fbff");
        assert_eq!(start.len(), 74);
        let whole = read(&["one", &start, "] usable", "four"]);
        assert_eq!(whole[1], (2, format!("{}] usable", &start[..73])));
        assert_eq!((whole[0].0, whole[2].clone(), whole.len()), (1, (4, "four".to_owned()), 3));
        assert_eq!(read(&[&start]), [(1, start[..73].to_owned())], "the end is missing");
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for line in ["root=", "", "=", "range=[0x0-0x1)", &format!("{:>80}=", "")] {
            assert_eq!(read(&[line, "next"]), [(1, line.to_owned()), (2, "next".to_owned())]);
        }
        assert_eq!(
            read(&["efi: mem00: type=3D7, attr=3D0xf =20"])[0].1,
            "efi: mem00: type=7, attr=0xf  "
        );
    }

    #[test]
    fn a_line_that_never_ends_takes_no_memory() {
        let piece = format!("{:>75}=", "");
        let lines = vec![piece.as_str(); 1000];
        assert!(read(&lines).iter().all(|(_, text)| text.len() < WHOLE_BYTES_MAX + 100));
    }
}
