//! stand-in until merged
#![allow(missing_docs, clippy::all, clippy::pedantic)]
use crate::{FrameRange, PageId};
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SlabId(u32);
impl SlabId {
    pub const NONE: Self = Self(u32::MAX);
}
#[derive(Debug)]
pub enum SlabError {
    X,
}
#[derive(Debug, Default)]
pub struct Slabs {
    next: u64,
    n: u32,
}
#[derive(Debug)]
pub struct PageDescriptor {
    pub x: u64,
}
impl Slabs {
    pub const fn new() -> Self {
        Self { next: 0, n: 0 }
    }
    pub fn create(&mut self, pages: u64) -> Result<SlabId, SlabError> {
        self.n += 1;
        let _ = pages;
        Ok(SlabId(self.n))
    }
    pub fn allocate(&mut self, pages: u64) -> Result<(SlabId, PageId), SlabError> {
        let s = self.create(pages)?;
        let p = self.allocate_from(s, pages)?;
        Ok((s, p))
    }
    pub fn allocate_from(&mut self, _s: SlabId, pages: u64) -> Result<PageId, SlabError> {
        let p = PageId::new(self.next).unwrap();
        self.next += pages;
        Ok(p)
    }
    pub fn free(&mut self, _s: SlabId, _f: PageId, _p: u64) -> Result<(), SlabError> {
        Ok(())
    }
    pub fn acquire(&mut self, _s: SlabId) {}
    pub fn release(&mut self, _s: SlabId) {}
    pub fn users(&self, _s: SlabId) -> Option<u32> {
        Some(2)
    }
    pub fn materialise(&mut self) -> Result<(), SlabError> {
        Ok(())
    }
    pub fn describe(&mut self, _f: PageId, _r: FrameRange) {}
    pub fn descriptor(&self, _p: PageId) -> Option<&PageDescriptor> {
        None
    }
}
