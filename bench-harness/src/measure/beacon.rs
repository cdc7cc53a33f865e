//! Who is in charge of this process, and what it is doing: a note that outlives the process.
//!
//! Foreign code can end the process that measures, or never return. Whoever supervises that process then has to
//! know whose call it was. So before each phase of a backend (its table is built, it is held against the oracle,
//! a batch begins) a note goes into a small file that the supervisor has open: one positioned write of 32 bytes,
//! never while a clock runs, and for every backend alike, so that none is disturbed more than another. Where nobody
//! supervises there is no file, and noting is one look at an empty cell.
//!
//! The note is about the process as a whole, as dying is, and so it is kept once for the process and not handed
//! down through everything that may call a backend.

use std::fs::File;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What a backend is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Nothing: it is not in charge.
    Nothing,
    /// A plugin's file is loaded.
    Load,
    /// Its table is built, by what this program does for it: a plugin's own calls have names of their own.
    Build,
    /// What it answers is checked, without a clock.
    Check,
    /// It answers lookups, without a clock or with one.
    Lookups,
    /// Its table is given back.
    Destroy,
    /// A call of a plugin's interface, by its name there.
    Create,
    /// As above.
    Physload,
    /// As above.
    PageInit,
    /// As above.
    BootDone,
    /// As above.
    Plug,
    /// As above.
    Unplug,
    /// As above.
    Find,
    /// As above.
    FindBatch,
    /// Its table is changed by plug and unplug, with a clock.
    Churn,
}

impl Doing {
    const ALL: [Self; 15] = [
        Self::Nothing,
        Self::Load,
        Self::Build,
        Self::Check,
        Self::Lookups,
        Self::Destroy,
        Self::Create,
        Self::Physload,
        Self::PageInit,
        Self::BootDone,
        Self::Plug,
        Self::Unplug,
        Self::Find,
        Self::FindBatch,
        Self::Churn,
    ];

    /// In words, to follow what happened: "crashed *in `find_batch`*".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Nothing => "between two calls",
            Self::Load => "while it was loaded",
            Self::Build => "while its table was built",
            Self::Check => "while its answers were checked",
            Self::Lookups => "in a batch of lookups",
            Self::Destroy => "in destroy",
            Self::Create => "in create",
            Self::Physload => "in physload",
            Self::PageInit => "in page_init",
            Self::BootDone => "in boot_done",
            Self::Plug => "in plug",
            Self::Unplug => "in unplug",
            Self::Find => "in find",
            Self::FindBatch => "in find_batch",
            Self::Churn => "while its table was changed",
        }
    }
}

/// A note, as it is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Note {
    /// Grows with every note.
    pub sequence: u64,
    /// Which of the backends that were named is in charge, if one is.
    pub backend: Option<usize>,
    /// Which layout is under way, if one is.
    pub layout: Option<usize>,
    /// What is going on.
    pub doing: Doing,
}

/// Bytes of a note in the file: number, backend, layout, what, and the number again.
const LENGTH: usize = 32;

/// In place of an index.
const NONE: u32 = u32::MAX;

/// The beacon of this process.
struct Lit {
    file: File,
    names: Vec<&'static str>,
    sequence: AtomicU64,
    backend: AtomicU32,
    layout: AtomicU32,
}

static LIT: OnceLock<Lit> = OnceLock::new();

/// From here on notes go into `file`; backends are noted by their place in `names`. Once a process: a second call
/// changes nothing.
pub fn light(file: File, names: Vec<&'static str>) {
    let (backend, layout) = (AtomicU32::new(NONE), AtomicU32::new(NONE));
    let _ = LIT.set(Lit { file, names, sequence: AtomicU64::new(0), backend, layout });
}

/// The backend called `name` is in charge from now on, with `doing`; a name that was not given to [`light`], as that
/// of the generator, is nobody's.
pub fn begin(name: &str, doing: Doing) {
    if let Some(lit) = LIT.get() {
        let place = lit.names.iter().position(|known| *known == name);
        lit.backend.store(small(place), Ordering::Relaxed);
        lit.note(doing);
    }
}

/// Whoever is in charge does something else now, or still does it.
pub fn doing(doing: Doing) {
    if let Some(lit) = LIT.get() {
        lit.note(doing);
    }
}

/// Nobody is in charge any more.
pub fn nobody() {
    if let Some(lit) = LIT.get() {
        lit.backend.store(NONE, Ordering::Relaxed);
        lit.note(Doing::Nothing);
    }
}

/// Layout number `layout` is under way from now on.
pub fn on(layout: usize) {
    if let Some(lit) = LIT.get() {
        lit.layout.store(small(Some(layout)), Ordering::Relaxed);
        nobody();
    }
}

impl Lit {
    fn note(&self, doing: Doing) {
        let note = Note {
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
            backend: index(self.backend.load(Ordering::Relaxed)),
            layout: index(self.layout.load(Ordering::Relaxed)),
            doing,
        };
        // A note that cannot be written is one that nobody will miss, unless the worst happens too.
        let _ = put(&self.file, note);
    }
}

/// Puts a note into `file`, in place of the one before.
pub(crate) fn put(file: &File, note: Note) -> io::Result<()> {
    write(file, &encode(note))
}

/// The last note in `file`; `None` if there is none yet, or one is just being written.
///
/// # Errors
/// The file cannot be read.
pub fn read(file: &File) -> io::Result<Option<Note>> {
    let mut bytes = [0; LENGTH];
    match read_at_start(file, &mut bytes) {
        Ok(()) => Ok(decode(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn small(index: Option<usize>) -> u32 {
    index.and_then(|index| u32::try_from(index).ok()).unwrap_or(NONE)
}

fn index(small: u32) -> Option<usize> {
    (small != NONE).then(|| usize::try_from(small).ok()).flatten()
}

fn encode(note: Note) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..8].copy_from_slice(&note.sequence.to_le_bytes());
    bytes[8..12].copy_from_slice(&small(note.backend).to_le_bytes());
    bytes[12..16].copy_from_slice(&small(note.layout).to_le_bytes());
    bytes[16..20].copy_from_slice(&(note.doing as u32).to_le_bytes());
    bytes[24..].copy_from_slice(&note.sequence.to_le_bytes());
    bytes
}

/// `None` of half a note: the numbers at its ends differ.
fn decode(bytes: &[u8; LENGTH]) -> Option<Note> {
    let wide = |at: usize| {
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[at..at + 8]);
        u64::from_le_bytes(word)
    };
    let narrow = |at: usize| {
        let mut word = [0; 4];
        word.copy_from_slice(&bytes[at..at + 4]);
        u32::from_le_bytes(word)
    };
    let (sequence, again) = (wide(0), wide(24));
    let doing = usize::try_from(narrow(16)).ok().and_then(|code| Doing::ALL.get(code))?;
    (sequence == again && sequence > 0).then(|| Note {
        sequence,
        backend: index(narrow(8)),
        layout: index(narrow(12)),
        doing: *doing,
    })
}

#[cfg(unix)]
fn write(file: &File, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, 0)
}

#[cfg(unix)]
fn read_at_start(file: &File, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, 0)
}

#[cfg(not(unix))]
fn write(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    use io::{Seek, Write};
    file.rewind()?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
fn read_at_start(mut file: &File, bytes: &mut [u8]) -> io::Result<()> {
    use io::{Read, Seek};
    file.rewind()?;
    file.read_exact(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written_and_half_of_one_not_at_all() {
        for (code, doing) in (1..).zip(Doing::ALL) {
            let note = Note { sequence: code << 40, backend: Some(3), layout: None, doing };
            let mut bytes = encode(note);
            assert_eq!(decode(&bytes), Some(note));
            bytes[26] ^= 1;
            assert_eq!(decode(&bytes), None, "{doing:?}");
        }
        assert_eq!(decode(&[0; LENGTH]), None, "a file that is only made");
    }

    #[test]
    fn the_last_note_is_the_one_that_is_read() {
        let file = tempfile::tempfile().expect("a file");
        assert_eq!(read(&file).expect("readable"), None);
        let lit = Lit {
            file: file.try_clone().expect("the same file"),
            names: vec!["array", "plugin:a.so"],
            sequence: AtomicU64::new(0),
            backend: AtomicU32::new(1),
            layout: AtomicU32::new(NONE),
        };
        lit.note(Doing::Load);
        lit.layout.store(2, Ordering::Relaxed);
        lit.note(Doing::FindBatch);
        let expected =
            Note { sequence: 2, backend: Some(1), layout: Some(2), doing: Doing::FindBatch };
        assert_eq!(read(&file).expect("readable"), Some(expected));
    }
}
