//! One table of a plugin, from `create` to `destroy`.
//!
//! This has to be `unsafe`: it calls functions of foreign code with the pointer that foreign code gave
//! out. What is safe about it is that the pointer is never anything but what `create` returned, that it is
//! given back once, and that all calls come from one thread, as the header promises.
#![allow(unsafe_code)] // calls into the library

use std::ffi::{c_int, c_void};
use std::fmt;
use std::ptr::NonNull;
use std::thread;

use physseg::{FrameRange, PageSize, Pfn};

use super::abi::{self, Answer};
use super::library::{Functions, Library};
use crate::measure::beacon::{self, Doing};

/// What a function of a plugin returned instead of 0, or what stands for that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// `PHYSSEG_ENOMEM`, or NULL from `create`.
    NoMemory,
    /// `PHYSSEG_EUNSUPPORTED`, or a function that is not there.
    Unsupported,
    /// `PHYSSEG_EINVAL`.
    Invalid,
    /// A number that the interface has no name for.
    Other(i32),
    /// Nothing was called: another thread than this one has made tables of the library before.
    OtherThread,
}

impl Code {
    fn of(code: c_int) -> Result<(), Self> {
        match code {
            abi::OK => Ok(()),
            abi::ENOMEM => Err(Self::NoMemory),
            abi::EUNSUPPORTED => Err(Self::Unsupported),
            abi::EINVAL => Err(Self::Invalid),
            other => Err(Self::Other(other)),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMemory => f.write_str("PHYSSEG_ENOMEM"),
            Self::Unsupported => f.write_str("PHYSSEG_EUNSUPPORTED"),
            Self::Invalid => f.write_str("PHYSSEG_EINVAL"),
            Self::Other(code) => write!(f, "{code}, which is no code of the interface"),
            Self::OtherThread => f.write_str("nothing: another thread calls this library"),
        }
    }
}

impl std::error::Error for Code {}

/// A table of a plugin. It is bound to its thread, as all tables of a library are.
pub struct Table {
    library: &'static Library,
    functions: Functions,
    /// What `create` returned; as a raw pointer neither sent to another thread nor shared with one.
    this: NonNull<c_void>,
}

impl Table {
    /// An empty table. `capacity` is how many segments there will be at most, 0 where that is not known.
    ///
    /// # Errors
    /// [`Code::NoMemory`] where `create` returns NULL; [`Code::OtherThread`].
    pub fn create(
        library: &'static Library,
        page_size: PageSize,
        capacity: u64,
    ) -> Result<Self, Code> {
        let this_thread = thread::current().id();
        let caller = library.caller.as_ref().map(|caller| *caller.get_or_init(|| this_thread));
        if caller.is_some_and(|caller| caller != this_thread) {
            return Err(Code::OtherThread);
        }
        let functions = library.functions;
        // SAFETY: the function has this type by the header; no other call runs, because all come from
        // this thread, or it is one of our own, which share nothing.
        let this = unsafe { (functions.create)(page_size.bytes(), capacity) };
        let this = NonNull::new(this).ok_or(Code::NoMemory)?;
        Ok(Self { library, functions, this })
    }

    /// The library that it is a table of.
    pub fn library(&self) -> &'static Library {
        self.library
    }

    /// Adds a segment before boot ends. `start` and `end` may make no sense, as a check wants it.
    ///
    /// # Errors
    /// What the function returned.
    pub fn physload_from(&mut self, start: Pfn, end: Pfn) -> Result<(), Code> {
        // SAFETY: `this` is what `create` returned and has not been destroyed; any numbers may be passed.
        Code::of(unsafe { (self.functions.physload)(self.this(), start.get(), end.get()) })
    }

    /// Adds a segment before boot ends.
    ///
    /// # Errors
    /// What the function returned.
    pub fn physload(&mut self, range: FrameRange) -> Result<(), Code> {
        self.physload_from(range.start(), range.end())
    }

    /// Says which page the first frame of a segment has.
    ///
    /// # Errors
    /// What the function returned.
    pub fn page_init(&mut self, start: Pfn, end: Pfn, first_page: u64) -> Result<(), Code> {
        // SAFETY: as in `physload_from`.
        Code::of(unsafe {
            (self.functions.page_init)(self.this(), start.get(), end.get(), first_page)
        })
    }

    /// Ends boot. A library without the function has nothing to do then.
    ///
    /// # Errors
    /// What the function returned.
    pub fn boot_done(&mut self) -> Result<(), Code> {
        // SAFETY: as in `physload_from`.
        self.functions.boot_done.map_or(Ok(()), |call| Code::of(unsafe { call(self.this()) }))
    }

    /// Adds a segment after boot.
    ///
    /// # Errors
    /// What the function returned; [`Code::Unsupported`] where there is none.
    pub fn plug(&mut self, start: Pfn, end: Pfn, first_page: u64) -> Result<(), Code> {
        let call = self.functions.plug.ok_or(Code::Unsupported)?;
        // SAFETY: as in `physload_from`.
        Code::of(unsafe { call(self.this(), start.get(), end.get(), first_page) })
    }

    /// Takes frames away after boot.
    ///
    /// # Errors
    /// What the function returned; [`Code::Unsupported`] where there is none.
    pub fn unplug(&mut self, start: Pfn, end: Pfn) -> Result<(), Code> {
        let call = self.functions.unplug.ok_or(Code::Unsupported)?;
        // SAFETY: as in `physload_from`.
        Code::of(unsafe { call(self.this(), start.get(), end.get()) })
    }

    /// Finds one frame; where the library has `find_batch` alone, by a batch of one.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the body of the timed loops
    pub fn find(&self, pfn: Pfn) -> Answer {
        let this = self.this.as_ptr().cast_const();
        if let Some(find) = self.functions.find {
            // SAFETY: as in `physload_from`. That `find` takes a shared table is no matter: the memory
            // behind the pointer is the library's, Rust holds no reference to it.
            return unsafe { find(this, pfn.get()) };
        }
        let mut answer = [Answer::MISS];
        self.find_batch(&[pfn], &mut answer);
        answer[0]
    }

    /// Finds `pfns`, answer by answer; no more of them than there are `answers`. Where the library has
    /// `find` alone, by one call for each.
    #[inline]
    pub fn find_batch(&self, pfns: &[Pfn], answers: &mut [Answer]) {
        let count = pfns.len().min(answers.len());
        let this = self.this.as_ptr().cast_const();
        match (self.functions.find_batch, self.functions.find) {
            (Some(find_batch), _) => {
                // SAFETY: both arrays have `count` elements at least and do not overlap, one being borrowed
                // mutably. A `Pfn` is a transparent u64, an `Answer` the struct of the header.
                unsafe {
                    find_batch(this, pfns.as_ptr().cast::<u64>(), answers.as_mut_ptr(), count);
                }
            }
            (None, Some(find)) => {
                for (answer, pfn) in answers.iter_mut().zip(pfns) {
                    // SAFETY: as in `find`.
                    *answer = unsafe { find(this, pfn.get()) };
                }
            }
            (None, None) => {} // `Library::load` refuses what has neither
        }
    }

    /// How many segments there are.
    pub fn segments(&self) -> u64 {
        // SAFETY: as in `find`.
        unsafe { (self.functions.segments)(self.this.as_ptr().cast_const()) }
    }

    /// Bytes of memory that it has taken; `None` where the library does not say.
    pub fn bytes(&self) -> Option<u64> {
        // SAFETY: as in `find`.
        self.functions.bytes.map(|call| unsafe { call(self.this.as_ptr().cast_const()) })
    }

    fn this(&mut self) -> *mut c_void {
        self.this.as_ptr()
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        beacon::doing(Doing::Destroy);
        // SAFETY: `this` is what `create` returned, and nothing is called with it afterwards.
        unsafe { (self.functions.destroy)(self.this.as_ptr()) }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("library", &self.library.path()).finish_non_exhaustive()
    }
}
