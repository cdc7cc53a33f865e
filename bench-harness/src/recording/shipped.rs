//! The recordings that come with the program: the files of recordings/, compiled in.

/// A recording compiled into the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shipped {
    /// Its name; the file is `recordings/NAME.pfns`.
    pub name: &'static str,
    /// What it is, in a line.
    pub description: &'static str,
    /// The bytes of the file.
    pub bytes: &'static [u8],
}

static SHIPPED: &[Shipped] = &[];

/// The shipped recordings.
pub fn shipped() -> impl Iterator<Item = &'static Shipped> {
    SHIPPED.iter()
}
