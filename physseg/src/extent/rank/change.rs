//! Putting pairs into a tree, taking them out, and keeping its nodes neither too full nor too empty.
//!
//! What a node's parent knows of it is corrected on the way up, which ends where nothing is new.
//! Everything is a loop: recursion has no place in a kernel's stack.

use super::node::{Child, Item, MIN, Node, Pair, ROOM, Summary};
use super::pool::{NIL, Pool};
use super::tree::{Path, Tree};

impl Tree {
    /// Adds `pair`, which must not be present. Memory for it has been reserved.
    #[inline]
    pub(super) fn insert(&mut self, pair: Pair) {
        if self.is_empty() {
            self.root = self.leaves.take();
            self.leaves.get_mut(self.root).insert(0, pair);
            self.summary = pair.summary();
            return;
        }
        let path = self.path_to(pair);
        self.insert_at(&path, pair);
    }

    /// Adds `pair` at the place that `path` leads to. Memory for it has been reserved.
    #[inline]
    pub(super) fn insert_at(&mut self, path: &Path, pair: Pair) {
        let leaf = self.leaves.get_mut(path.leaf);
        if !leaf.is_full() {
            leaf.insert(path.at, pair);
            self.note(path, 0, pair);
            return;
        }
        self.insert_split(path, pair);
    }

    #[inline(never)]
    fn insert_split(&mut self, path: &Path, pair: Pair) {
        // Keys in ascending order would leave half-empty nodes behind: at the end, the new node
        // begins with the new item alone.
        let last = |node: u32, slot: u32| slot as usize + 1 == self.inner.get(node).len();
        let at_end = path.at == ROOM
            && path.above[..self.height].iter().all(|step| last(step.node, step.slot));
        let right = split(&mut self.leaves, path.leaf, path.at, pair, at_end);
        let mut halves = [child(&self.leaves, path.leaf), child(&self.leaves, right)];
        for level in 0..self.height {
            let step = path.above[level];
            let (node, slot) = (self.inner.get_mut(step.node), step.slot as usize);
            node.items_mut()[slot] = halves[0];
            if !node.is_full() {
                node.insert(slot + 1, halves[1]);
                self.note(path, level + 1, pair);
                return;
            }
            let right = split(&mut self.inner, step.node, slot + 1, halves[1], at_end);
            halves = [child(&self.inner, step.node), child(&self.inner, right)];
        }
        self.root = self.inner.take();
        let root = self.inner.get_mut(self.root);
        root.insert(0, halves[0]);
        root.insert(1, halves[1]);
        self.summary = root.summary();
        self.height += 1;
    }

    /// Tells the nodes of `path` from `level` upwards that `pair` is new below them.
    #[inline]
    fn note(&mut self, path: &Path, level: usize, pair: Pair) {
        for step in &path.above[level..self.height] {
            let known = &mut self.inner.get_mut(step.node).items_mut()[step.slot as usize];
            let summary = known.summary.and(pair.summary());
            let is_first = pair.rank() < known.low.rank();
            if summary == known.summary && !is_first {
                return;
            }
            known.summary = summary;
            if is_first {
                known.low = pair;
            }
        }
        self.summary = self.summary.and(pair.summary());
    }

    /// Turns the pair just before the place that `path` leads to into one with the same
    /// neighbours.
    pub(super) fn replace_before(&mut self, path: &Path, pair: Pair) {
        self.leaves.get_mut(path.leaf).items_mut()[path.at - 1] = pair;
        self.settle(path);
    }

    /// Removes the pair just before the place that `path` leads to.
    pub(super) fn remove_before(&mut self, path: &Path) {
        self.leaves.get_mut(path.leaf).remove(path.at - 1);
        self.settle(path);
    }

    /// Removes `pair`, which must be present.
    pub(super) fn remove(&mut self, pair: Pair) {
        let path = self.path_to(pair);
        debug_assert_eq!(self.beside(&path).0, Some(pair));
        self.remove_before(&path);
    }

    /// After a change in the leaf of `path`: merges or evens out nodes that have become too small,
    /// and corrects what is known of the nodes on the way up.
    fn settle(&mut self, path: &Path) {
        let leaf = self.leaves.get(path.leaf);
        let (mut len, mut now) = (leaf.len(), child(&self.leaves, path.leaf));
        for level in 0..self.height {
            let step = path.above[level];
            let slot = step.slot as usize;
            if len >= MIN {
                let known = &mut self.inner.get_mut(step.node).items_mut()[slot];
                if *known == now {
                    return;
                }
                *known = now;
            } else if level == 0 {
                fill_up(&mut self.leaves, &mut self.inner, step.node, slot, now);
            } else {
                self.fill_up_inner(step.node, slot, now);
            }
            len = self.inner.get(step.node).len();
            now = child(&self.inner, step.node);
        }
        self.settle_root(len, now.summary);
    }

    /// Takes levels away that the tree no longer needs. The root has `len` items.
    fn settle_root(&mut self, mut len: usize, summary: Summary) {
        self.summary = summary;
        while self.height > 0 && len == 1 {
            let only = self.inner.get(self.root).items()[0].node;
            self.inner.give_back(self.root);
            self.root = only;
            self.height -= 1;
            len = if self.height > 0 { self.inner.get(only).len() } else { 1 };
        }
        if len == 0 {
            if self.height > 0 {
                self.inner.give_back(self.root);
            } else {
                self.leaves.give_back(self.root);
            }
            (self.root, self.height) = (NIL, 0);
        }
    }

    /// As [`fill_up`], where the children are inner nodes too.
    fn fill_up_inner(&mut self, parent: u32, slot: usize, now: Child) {
        let mut node = *self.inner.get(parent);
        fill_up_in(&mut self.inner, &mut node, slot, now);
        *self.inner.get_mut(parent) = node;
    }
}

/// Shares out what `parent`'s child at `slot`, of which `now` is known, and a sibling have.
fn fill_up(leaves: &mut Pool<Pair>, inner: &mut Pool<Child>, parent: u32, slot: usize, now: Child) {
    fill_up_in(leaves, inner.get_mut(parent), slot, now);
}

fn fill_up_in<T: Item>(pool: &mut Pool<T>, parent: &mut Node<Child>, slot: usize, now: Child) {
    if parent.len() == 1 {
        // On the right edge: too small is allowed there, but empty is not.
        if pool.get(now.node).len() == 0 {
            pool.give_back(now.node);
            parent.remove(slot);
        } else {
            parent.items_mut()[slot] = now;
        }
        return;
    }
    let first = slot.saturating_sub(1);
    let (left, right) = (parent.items()[first].node, parent.items()[first + 1].node);
    let merged = even_out(pool, left, right);
    parent.items_mut()[first] = child(pool, left);
    if merged {
        parent.remove(first + 1);
    } else {
        parent.items_mut()[first + 1] = child(pool, right);
    }
}

/// Puts the items of two neighbours into the left one, if they fit; otherwise half into each. Says
/// whether they fit.
fn even_out<T: Item>(pool: &mut Pool<T>, left: u32, right: u32) -> bool {
    let mut tail = *pool.get(right);
    let head = pool.get_mut(left);
    let all = head.len() + tail.len();
    if all <= ROOM {
        tail.move_head(tail.len(), head);
        pool.give_back(right);
        return true;
    }
    let half = all / 2;
    if head.len() < half {
        tail.move_head(half - head.len(), head);
    } else {
        let mut front = Node::EMPTY;
        head.move_tail(half, &mut front);
        tail.move_head(tail.len(), &mut front);
        tail = front;
    }
    *pool.get_mut(right) = tail;
    false
}

/// Adds `item` at `at` to a full node, half of which (none, `at_end`) goes to a new node: says
/// which that is.
fn split<T: Item>(pool: &mut Pool<T>, node: u32, at: usize, item: T, at_end: bool) -> u32 {
    let right = pool.take();
    let mut tail = Node::EMPTY;
    let head = pool.get_mut(node);
    let keep = if at_end { ROOM } else { ROOM / 2 };
    head.move_tail(keep, &mut tail);
    if at <= keep && !at_end {
        head.insert(at, item);
    } else {
        tail.insert(at - keep, item);
    }
    *pool.get_mut(right) = tail;
    right
}

/// What a parent knows of `node`.
#[inline]
fn child<T: Item>(pool: &Pool<T>, node: u32) -> Child {
    let all = pool.get(node);
    let low = all.items().first().map_or(Pair::BLANK, Item::low);
    Child { low, summary: all.summary(), node }
}
