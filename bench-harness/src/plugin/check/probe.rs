//! A table of the plugin beside the list that says what is right: every call is made on both, and what comes of
//! it compared.

use physseg::{PageSize, Pfn};

use super::model::Model;
use super::{Failed, Wrong};
use crate::plugin::{Answer, Code, Library, Table};

/// So many calls that change a table are shown before the one that failed.
const SHOWN: usize = 8;

/// So many frames are asked for one by one between two announcements.
const BLOCK: usize = 64;

/// Frames far from everything that a table is made of.
const FAR: [u64; 6] = [0, 1, (1 << 52) - 1, 1 << 52, u64::MAX - 1, u64::MAX];

/// What answers hold before a plugin writes them: nothing that is ever right.
const UNWRITTEN: Answer =
    Answer { segment_start: 0xdead_dead_dead_dead, page: 0xdead_dead_dead_dead };

/// A table and what is right about it.
pub(super) struct Probe<'a> {
    table: Table,
    pub(super) model: Model,
    before: Vec<String>,
    announce: &'a mut dyn FnMut(&str),
}

/// What a call came to that may be refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Done {
    /// It was carried out.
    Yes,
    /// It made no sense, and was refused as such.
    Refused,
    /// There was no room, or the plugin cannot do that; nothing changed.
    Unable(Code),
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        library: &'static Library,
        base: u64,
        frames: u64,
        capacity: u64,
        announce: &'a mut dyn FnMut(&str),
    ) -> Result<Self, Failed> {
        let page_size = PageSize::FOUR_KIB;
        let called = format!("create({}, {capacity})", page_size.bytes());
        announce(&called);
        match Table::create(library, page_size, capacity) {
            Ok(table) => {
                let model = Model::new(base, frames);
                let mut probe = Self { table, model, before: Vec::new(), announce };
                probe.before.push(called);
                probe.count()?;
                Ok(probe)
            }
            Err(code) => Err(Failed::Wrong(Wrong {
                before: Vec::new(),
                called,
                expected: "a table".to_owned(),
                given: if code == Code::NoMemory { "NULL".to_owned() } else { code.to_string() },
            })),
        }
    }

    /// Loads a segment, which must go well if it makes sense.
    pub(super) fn physload(&mut self, start: u64, end: u64) -> Result<Done, Failed> {
        let called = format!("physload({start:#x}, {end:#x})");
        (self.announce)(&called);
        let given = self.table.physload_from(Pfn::new(start), Pfn::new(end));
        let done = self.judge(called, self.model.can_add(start, end), given)?;
        if done == Done::Yes {
            self.model.put(start, end, 0); // no pages yet
        }
        self.count()?;
        Ok(done)
    }

    pub(super) fn page_init(&mut self, start: u64, end: u64, page: u64) -> Result<Done, Failed> {
        let called = format!("page_init({start:#x}, {end:#x}, {page:#x})");
        (self.announce)(&called);
        let given = self.table.page_init(Pfn::new(start), Pfn::new(end), page);
        let done = self.judge(called, self.model.is_segment(start, end), given)?;
        if done == Done::Yes {
            self.model.put(start, end, page);
        }
        self.count()?;
        Ok(done)
    }

    /// Ends boot, and looks everything up for the first time.
    pub(super) fn boot_done(&mut self) -> Result<(), Failed> {
        let called = "boot_done()".to_owned();
        (self.announce)(&called);
        let given = self.table.boot_done();
        self.judge(called.clone(), true, given).and_then(|done| self.must(called, done))?;
        self.verify()
    }

    pub(super) fn plug(&mut self, start: u64, end: u64, page: u64) -> Result<Done, Failed> {
        let called = format!("plug({start:#x}, {end:#x}, {page:#x})");
        (self.announce)(&called);
        let given = self.table.plug(Pfn::new(start), Pfn::new(end), page);
        let done = self.judge(called, self.model.can_add(start, end), given)?;
        if done == Done::Yes {
            self.model.put(start, end, page);
        }
        self.verify()?;
        Ok(done)
    }

    pub(super) fn unplug(&mut self, start: u64, end: u64) -> Result<Done, Failed> {
        let called = format!("unplug({start:#x}, {end:#x})");
        (self.announce)(&called);
        let given = self.table.unplug(Pfn::new(start), Pfn::new(end));
        let done = self.judge(called, self.model.in_one(start, end), given)?;
        if done == Done::Yes {
            self.model.take(start, end);
        }
        self.verify()?;
        Ok(done)
    }

    /// Loads `segments`, each with its first page, in the order given, tells of their pages in the opposite one,
    /// and ends boot.
    pub(super) fn boot(&mut self, segments: &[(u64, u64, u64)]) -> Result<(), Failed> {
        for &(start, end, _) in segments {
            let done = self.physload(start, end)?;
            self.must(format!("physload({start:#x}, {end:#x})"), done)?;
        }
        for &(start, end, page) in segments.iter().rev() {
            let done = self.page_init(start, end, page)?;
            self.must(format!("page_init({start:#x}, {end:#x}, {page:#x})"), done)?;
        }
        self.boot_done()
    }

    /// Holds what a call returned against whether it makes sense. What can go wrong without being wrong
    /// is left to who called.
    fn judge(
        &mut self,
        called: String,
        makes_sense: bool,
        given: Result<(), Code>,
    ) -> Result<Done, Failed> {
        let done = match (makes_sense, given) {
            (true, Ok(())) => Done::Yes,
            (false, Err(Code::Invalid)) => Done::Refused,
            // A function that is not there, or refuses all there is of a kind, refuses nonsense so too.
            (_, Err(code @ Code::Unsupported)) | (true, Err(code @ Code::NoMemory)) => {
                Done::Unable(code)
            }
            (true, Err(code)) => return Err(self.wrong(called, "PHYSSEG_OK", &code.to_string())),
            (false, Ok(())) => return Err(self.wrong(called, "PHYSSEG_EINVAL", "PHYSSEG_OK")),
            (false, Err(code)) => {
                return Err(self.wrong(called, "PHYSSEG_EINVAL", &code.to_string()));
            }
        };
        let shown = match done {
            Done::Yes => called,
            Done::Refused => format!("{called} refused"),
            Done::Unable(code) => format!("{called} returned {code}"),
        };
        self.before.push(shown);
        Ok(done)
    }

    /// What must be carried out was.
    pub(super) fn must(&mut self, called: String, done: Done) -> Result<(), Failed> {
        match done {
            Done::Yes => Ok(()),
            Done::Refused => Err(self.wrong(called, "PHYSSEG_OK", "PHYSSEG_EINVAL")),
            Done::Unable(code) => Err(self.wrong(called, "PHYSSEG_OK", &code.to_string())),
        }
    }

    /// What may be left out by design was carried out, or else the case has no more to say.
    pub(super) fn may(&mut self, what: &str, done: Done) -> Result<(), Failed> {
        match done {
            Done::Unable(Code::Unsupported) => {
                Err(Failed::Skipped(format!("the plugin cannot {what} (PHYSSEG_EUNSUPPORTED)")))
            }
            done => self.must(what.to_owned(), done),
        }
    }

    /// What makes no sense was refused, unless the plugin cannot do that at all.
    pub(super) fn refused(&mut self, what: &str, done: Done) -> Result<(), Failed> {
        match done {
            Done::Refused => Ok(()),
            Done::Unable(_) => self.may(what, done),
            Done::Yes => Err(self.wrong(what.to_owned(), "PHYSSEG_EINVAL", "PHYSSEG_OK")),
        }
    }

    /// As [`refused`](Self::refused), of what no plugin may leave out.
    pub(super) fn must_be_refused(&mut self, called: String, done: Done) -> Result<(), Failed> {
        match done {
            Done::Refused => Ok(()),
            Done::Unable(code) => Err(self.wrong(called, "PHYSSEG_EINVAL", &code.to_string())),
            Done::Yes => Err(self.wrong(called, "PHYSSEG_EINVAL", "PHYSSEG_OK")),
        }
    }

    /// Compares the number of segments.
    fn count(&mut self) -> Result<(), Failed> {
        (self.announce)("segments()");
        let (given, expected) = (self.table.segments(), self.model.segments());
        if given == expected {
            return Ok(());
        }
        Err(self.wrong("segments()".to_owned(), &expected.to_string(), &given.to_string()))
    }

    /// Compares everything: the number of segments, every frame by `find` and by `find_batch`, and frames far
    /// away.
    pub(super) fn verify(&mut self) -> Result<(), Failed> {
        self.count()?;
        let ground = self.model.base().saturating_sub(2)..self.model.end().saturating_add(2);
        let pfns: Vec<Pfn> = ground.chain(FAR).map(Pfn::new).collect();
        let shown = |block: &[Pfn]| match block {
            [first, .., last] => format!("frames {first} to {last}"),
            [only] => format!("frame {only}"),
            [] => String::new(),
        };
        (self.announce)(&format!("find_batch() of {} frames, {}", pfns.len(), shown(&pfns)));
        self.batch(&pfns)?;
        // So many at once: to tell of each would take longer than to ask, and of a few says where it is.
        for block in pfns.chunks(BLOCK) {
            (self.announce)(&format!("find() of {}, one after the other", shown(block)));
            for &pfn in block {
                let given = self.table.find(pfn);
                self.compare(|| format!("find({pfn})"), pfn, given)?;
            }
        }
        Ok(())
    }

    /// Compares the answers of one call of `find_batch`, and that it has written no more of them.
    pub(super) fn batch(&mut self, pfns: &[Pfn]) -> Result<(), Failed> {
        let mut answers = vec![UNWRITTEN; pfns.len() + 1];
        self.table.find_batch(pfns, &mut answers);
        let count = pfns.len();
        for (index, (&pfn, &given)) in pfns.iter().zip(&answers).enumerate() {
            let called = || format!("find_batch() of {count} frames, number {index} being {pfn}");
            self.compare(called, pfn, given)?;
        }
        match answers.last() {
            Some(&beyond) if beyond != UNWRITTEN => Err(self.wrong(
                format!("find_batch() of {count} frames"),
                &format!("{count} answers"),
                "one more was written",
            )),
            _ => Ok(()),
        }
    }

    fn compare(
        &mut self,
        called: impl Fn() -> String,
        pfn: Pfn,
        given: Answer,
    ) -> Result<(), Failed> {
        let expected = self.model.answer(pfn.get());
        if given == expected || given.is_miss() && expected.is_miss() {
            return Ok(());
        }
        Err(self.wrong(called(), &in_words(expected), &in_words(given)))
    }

    pub(super) fn wrong(&mut self, called: String, expected: &str, given: &str) -> Failed {
        let mut before = std::mem::take(&mut self.before);
        // What failed is not shown twice.
        before.pop_if(|last| last.split(" re").next() == Some(called.as_str()));
        let left_out = before.len().saturating_sub(SHOWN);
        before.drain(..left_out);
        if left_out > 0 {
            before.insert(0, format!("({left_out} calls)"));
        }
        Failed::Wrong(Wrong { before, called, expected: expected.into(), given: given.into() })
    }
}

fn in_words(answer: Answer) -> String {
    if answer == UNWRITTEN {
        return "nothing: the answer was not written".to_owned();
    }
    answer.to_string()
}
