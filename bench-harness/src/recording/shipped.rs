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

/// One line a recording: adding one is a file in recordings/ and its name here.
macro_rules! recordings {
    ($($name:literal: $description:literal,)*) => {
        &[$(Shipped {
            name: $name,
            description: $description,
            bytes: include_bytes!(concat!("../../../recordings/", $name, ".pfns")),
        },)*]
    };
}

static SHIPPED: &[Shipped] = recordings![
    "cargo-build-vm-24g": "350,000 pages allocated and freed by a build on a guest of 24 GiB",
];

/// The shipped recordings.
pub fn shipped() -> impl Iterator<Item = &'static Shipped> {
    SHIPPED.iter()
}

#[cfg(test)]
mod tests {
    use super::shipped;
    use crate::recording::open;

    #[test]
    fn what_is_shipped_is_small_and_of_the_memory_that_it_has() {
        for one in shipped() {
            assert!(one.bytes.len() < 1_000_000, "{}", one.name);
            let (typed, recording) = open(one.name).expect(one.name);
            assert_eq!((typed, recording.head.name.as_str()), (one.name, one.name));
            let map = recording.head.map.as_ref().expect("its memory");
            let addresses = recording.pfns.len() as u64;
            assert!(recording.found_in(&map.segments) * 100 > addresses * 99, "{}", one.name);
        }
        let (_, build) = open("cargo-build-vm-24g").expect("shipped");
        assert_eq!((build.pfns.len(), build.checksum), (350_000, 0x04a8_281f));
    }
}
