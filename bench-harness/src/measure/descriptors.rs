//! Page descriptors as memory, for target `touch`: what a kernel reads once it knows which page it is.
//!
//! One flat array of 128-byte descriptors, the size of a `struct vm_page`, in the order of the pages'
//! names. The first word of each says which frame it describes, so that a read of the wrong one shows
//! in the answer.

use super::oracle::Run;
use super::runs::{NoRuns, room_for};
use crate::machine;

/// Arrays of more bytes than this are not made.
const BYTES_MAX: u64 = 2 << 30;

/// What the first word holds beside the frame, so that no other answer is mistaken for it.
const MARK: u64 = 1 << 56;

/// One page descriptor, alone in its two cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(128))]
pub struct Descriptor {
    word: u64,
}

impl Descriptor {
    /// The first word.
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    pub fn word(&self) -> u64 {
        self.word
    }
}

/// What the first word of a frame's descriptor has to hold.
pub(super) fn word_of(frame: u64) -> u64 {
    MARK | frame
}

/// The answers of target `touch`, from those of target `page`.
///
/// # Errors
/// There is no memory for them.
pub(crate) fn touched(pages: &[Run]) -> Result<Vec<Run>, NoRuns> {
    let first = |run: &Run| word_of(run.frames.start().get());
    let mut words = room_for(pages.len())?;
    words.extend(pages.iter().map(|run| Run { first_answer: first(run), ..*run }));
    Ok(words)
}

/// The descriptors of all `pages`, by the index of their names.
///
/// # Errors
/// How much memory it would take, where that is more than there is or than is sensible.
pub fn descriptors_of(pages: &[Run]) -> Result<Vec<Descriptor>, String> {
    // A page's answer is its index + 1.
    let ends = pages.iter().map(|run| run.first_answer - 1 + run.frames.frames());
    let count = ends.max().unwrap_or(0);
    let too_many = |why: &str| {
        let gib = count as f64 * size_of::<Descriptor>() as f64 / f64::from(1 << 30);
        format!("descriptors of {count} frames take {gib:.1} GiB{why}")
    };
    if count > BYTES_MAX / size_of::<Descriptor>() as u64 {
        return Err(too_many(", more than 2 GiB"));
    }
    let length = usize::try_from(count).map_err(|_| too_many(""))?;
    let mut all = Vec::new();
    all.try_reserve_exact(length).map_err(|_| {
        too_many(&format!(", which the system does not give{}", machine::beside_available()))
    })?;
    all.resize(length, Descriptor { word: 0 });
    for run in pages {
        for frame in 0..run.frames.frames() {
            if let Some(descriptor) = descriptor_at(&mut all, run.first_answer - 1 + frame) {
                descriptor.word = word_of(run.frames.start().get() + frame);
            }
        }
    }
    Ok(all)
}

/// Whether `descriptors` are those of `pages`, so that tables which give the same names can share them.
pub(super) fn are_of(descriptors: &[Descriptor], pages: &[Run]) -> bool {
    pages.iter().all(|run| {
        let (start, frames) = (run.frames.start().get(), run.frames.frames());
        let range = usize::try_from(run.first_answer - 1)
            .ok()
            .zip(usize::try_from(run.first_answer - 1 + frames).ok());
        let those = range.and_then(|(from, to)| descriptors.get(from..to));
        those.is_some_and(|those| {
            (start..).zip(those).all(|(frame, descriptor)| descriptor.word == word_of(frame))
        })
    })
}

fn descriptor_at(all: &mut [Descriptor], index: u64) -> Option<&mut Descriptor> {
    all.get_mut(usize::try_from(index).ok()?)
}

#[cfg(test)]
mod tests {
    use physseg::{FrameRange, Pfn};

    use super::{are_of, descriptors_of, touched};
    use crate::measure::Run;

    fn run(start: u64, end: u64, first_answer: u64) -> Run {
        let frames = FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("not empty");
        Run { frames, first_answer }
    }

    #[test]
    fn each_descriptor_says_which_frame_it_is_of() {
        let pages = [run(8, 16, 101), run(24, 32, 1)];
        let all = descriptors_of(&pages).expect("small");
        assert_eq!((all.len(), size_of_val(&all[..])), (108, 108 * 128));
        let words = touched(&pages).expect("two");
        assert_eq!(all[100].word(), words[0].first_answer);
        assert_eq!(all[107].word(), words[0].first_answer + 7);
        assert_eq!((all[0].word(), all[50].word()), (words[1].first_answer, 0));
        assert!(are_of(&all, &pages) && are_of(&all, &pages[1..]));
        assert!(!are_of(&all, &[run(8, 16, 102)]) && !are_of(&all, &[run(8, 17, 101)]));
        assert!(!are_of(&all, &[run(9, 17, 101)]));
    }

    #[test]
    fn too_many_are_refused_with_what_they_would_take() {
        let why = descriptors_of(&[run(0, 1 << 28, 1)]).expect_err("32 GiB");
        assert!(why.contains("268435456 frames take 32.0 GiB"), "{why}");
        assert!(descriptors_of(&[run(0, 8, u64::MAX - 8)]).is_err());
    }
}
