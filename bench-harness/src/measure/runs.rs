//! Lists as long as a table has segments, which checks of its answers are made with.
//!
//! Of a tebibyte they take as much memory as the table itself, and the standard library's collections end
//! the program when they get none. So their room is asked for, and that there is none is an answer.

use crate::machine::{beside_available, bytes_in_words};

/// Why the segments of a table could not be listed, or are not those of the layout.
#[derive(Debug, thiserror::Error)]
pub enum NoRuns {
    /// A segment has none.
    #[error("a segment has no page descriptors after boot")]
    NoDescriptors,
    /// The first difference, in words.
    #[error("{0}")]
    Different(String),
    /// How much it would have taken, and how much there was.
    #[error("{0}")]
    NoMemory(String),
}

/// An empty list with room for `count` entries.
///
/// # Errors
/// [`NoRuns::NoMemory`].
pub(crate) fn room_for<T>(count: usize) -> Result<Vec<T>, NoRuns> {
    let mut room = Vec::new();
    match room.try_reserve_exact(count) {
        Ok(()) => Ok(room),
        Err(_) => Err(NoRuns::NoMemory(format!(
            "out of memory: a list of {count} segments, to check answers with, takes {}{}",
            bytes_in_words((count as u64).saturating_mul(size_of::<T>() as u64)),
            beside_available()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::{NoRuns, room_for};

    #[test]
    fn a_list_too_long_for_any_memory_is_an_answer_with_its_size() {
        assert_eq!(room_for::<u64>(5).expect("40 bytes").capacity(), 5);
        let refused = room_for::<u64>(1 << 57).expect_err("an exbibyte");
        assert!(matches!(refused, NoRuns::NoMemory(_)));
        let said = refused.to_string();
        let beginning = "out of memory: a list of 144115188075855872 segments, to check answers with, \
                         takes 1073741824.0 GiB";
        assert!(said.starts_with(beginning), "{said}");
    }
}
